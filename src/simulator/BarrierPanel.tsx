// The barrier as it stands, and the bytes that moved it. Rendered by SimulatorPage.
import type { SimulatorLive } from '../contracts/simulator.ts';
import { simulatorTexts } from '../i18n/simulator.ts';

const { t } = simulatorTexts;

/** The newest bytes, as many as fit. */
export const limits = { lines: 7 } as const;

export function BarrierPanel(props: { live: SimulatorLive }) {
  const { open, opened, bytes } = props.live.barrier;
  return (
    <section aria-labelledby="barrier-title">
      <h2 id="barrier-title">{t('barrier')}</h2>
      <div class="barrier" data-testid="barrier" data-open={open}>
        <svg viewBox="0 0 120 60" aria-hidden="true">
          <rect x="8" y="18" width="12" height="40" fill="#474d55" />
          <rect class="arm" x="14" y="20" width="100" height="8" rx="4" />
        </svg>
        <strong>{t(open ? 'open' : 'shut')}</strong>
        <span class="quiet">{t('opened', { n: opened })}</span>
      </div>
      <h3>{t('bytes')}</h3>
      <ol class="bytes" data-testid="bytes" aria-label={t('bytes')}>
        {bytes.length === 0 && <li class="quiet">{t('no-bytes')}</li>}
        {bytes
          .slice(-limits.lines)
          .toReversed()
          .map((line) => (
            <li key={`${line.wallMs} ${line.hex}`}>
              <time>{clockText(line.wallMs)}</time> <code>{spaced(line.hex)}</code>
            </li>
          ))}
      </ol>
    </section>
  );
}

/** 'A0 01 01 A2' for 'a00101a2'. */
function spaced(hex: string): string {
  return hex.toUpperCase().replace(/(..)(?=.)/g, '$1 ');
}

/** Campus clock with milliseconds. */
function clockText(wallMs: number): string {
  return new Date(wallMs + 8 * 3_600_000).toISOString().slice(11, 23);
}
