// What bystanders must not see (name, value, reason), shown for 5 s to the guard who holds the button. Called by the
// screens of refer, deny, hold and not-saved.
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n/texts.ts';
import { HoldButton } from '../../ui/button.tsx';
import type { Private } from '../model.ts';
import { other, reasonText } from './words.ts';

export const limits = { holdMs: 500, showMs: 5_000 } as const;

export function Reveal({ secret, primary = false }: { secret: Private; primary?: boolean }) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!open) return;
    const timer = setTimeout(() => setOpen(false), limits.showMs);
    return () => clearTimeout(timer);
  }, [open]);
  if (!open) {
    return (
      <HoldButton
        kind={primary ? 'primary' : 'secondary'}
        icon="eye"
        label={t('act.reveal')}
        sub={other('act.reveal')}
        holdMs={limits.holdMs}
        onHeld={() => setOpen(true)}
        testId="reveal"
      />
    );
  }
  return (
    <div class="private" data-testid="private">
      <b>
        {secret.name ?? t('who.visitor')}
        {secret.shown !== null && ` · ${secret.shown} ${t('celsius')}`}
      </b>
      <span>{reasonText(secret.reason)}</span>
      {(secret.unit || secret.contact) && <span>{[secret.unit, secret.contact].filter(Boolean).join(' · ')}</span>}
      {secret.cardTail !== null && <span>{t('hold.cardTail', { tail: secret.cardTail })}</span>}
    </div>
  );
}
