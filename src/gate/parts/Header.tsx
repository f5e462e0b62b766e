// The 96 px above every screen: lane, clock, whether the hub answers and what waits for it. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import type { GateModel } from '../model.ts';
import { clockText } from './words.ts';

const words = { online: 'online', away: 'offline', 'not-enrolled': 'notEnrolled' } as const;

export function Header({ header }: { header: GateModel['header'] }) {
  return (
    <header class="header">
      <span class="lane">{header.lane}</span>
      <time class="clock">{clockText(header.wallMs)}</time>
      {header.simulated && (
        <span class="mark" data-testid="simulated">
          {t('simulated')}
        </span>
      )}
      <span class="hub" data-testid="hub" data-state={header.hub}>
        <i aria-hidden="true" />
        <span>
          {t(words[header.hub])} · {t('waiting')} <span data-testid="queue">{header.queue}</span>
        </span>
      </span>
      <span>
        {t('today')} <span data-testid="today">{header.today}</span>
      </span>
    </header>
  );
}
