// Full-width lines under the header: what is degraded, in words. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import { Icon } from '../../ui/icons.tsx';
import type { Stripe } from '../model.ts';
import { ageText } from './words.ts';

/** The view gives ages in milliseconds; the words are made here, in the language of the screen. */
function textOf({ key, params }: Stripe): string {
  const { ageMs, waitsMs } = params;
  return t(key, {
    ...params,
    oldest: typeof waitsMs === 'number' ? t('stripe.oldest', { age: ageText(waitsMs) }) : '',
    roster: typeof ageMs === 'number' ? t('stripe.rosterAge', { age: ageText(ageMs) }) : t('stripe.rosterNever'),
  });
}

export function Stripes({ stripes }: { stripes: readonly Stripe[] }) {
  return (
    <div class="stripes" role="status">
      {stripes.map((stripe) => (
        <p key={stripe.key} class="stripe" data-tone={stripe.tone} data-testid="stripe" data-key={stripe.key}>
          <Icon
            name={stripe.key === 'stripe.offline' || stripe.key === 'stripe.offlineLong' ? 'cloud-off' : 'warning'}
          />
          <span>{textOf(stripe)}</span>
        </p>
      ))}
    </div>
  );
}
