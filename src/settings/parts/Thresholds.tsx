// The numbers of the policy in force, with their units; read-only, since the hub gives them. Rendered by PostPanel.
import type { Thresholds as Numbers, PostAnswer } from '../../contracts/post.ts';
import { postTexts } from '../../i18n/settings-post.ts';
import { dateTime, span } from './times.ts';

const { t } = postTexts;
const figure = (tenths: number) => (tenths / 10).toFixed(1);
const degrees = (tenths: number) => `${figure(tenths)} ℃`;
const seconds = (ms: number) => t('seconds', { n: ms / 1_000 });

const rows: readonly (readonly [key: Parameters<typeof t>[0], value: (of: Numbers) => string])[] = [
  ['th-fever', (of) => degrees(of.feverTenths)],
  ['th-urgent', (of) => degrees(of.urgentTenths)],
  ['th-borderline', (of) => degrees(of.borderlineTenths)],
  ['th-low', (of) => degrees(of.lowTenths)],
  ['th-range', (of) => `${figure(of.rangeMinTenths)} – ${degrees(of.rangeMaxTenths)}`],
  ['th-spread', (of) => `${(of.spreadCenti / 100).toFixed(2)} ℃`],
  ['th-tries', (of) => t('tries-in', { n: of.triesMax, time: span(of.triesWindowMs) })],
  ['th-measure', (of) => seconds(of.measureMs)],
  ['th-fresh', (of) => seconds(of.freshMs)],
  ['th-stale', (of) => seconds(of.staleMs)],
  ['th-pair', (of) => seconds(of.pairMs)],
  ['th-ambient', (of) => `${figure(of.ambientMinTenths)} – ${degrees(of.ambientMaxTenths)}`],
  ['th-warm-up', (of) => span(of.warmUpMs)],
  ['th-confirm', (of) => t(of.confirmHigh ? 'yes' : 'no')],
];

export function Thresholds({ policy }: { policy: PostAnswer['policy'] }) {
  const { version, cameWallMs } = policy;
  return (
    <section class="card" data-testid="thresholds">
      <h2>{t('policy-title')}</h2>
      {cameWallMs === null ? (
        <p class="warning">{t('policy-default')}</p>
      ) : (
        <p class="note">{t('policy-from-hub', { version, time: dateTime(cameWallMs) })}</p>
      )}
      <dl class="facts pairs">
        {rows.map(([key, value]) => (
          <div key={key}>
            <dt>{t(key)}</dt>
            <dd>{value(policy.thresholds)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
