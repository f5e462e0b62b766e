// What can go wrong at a gate: cables out, a thermometer that falls silent, a network that is cut. Rendered by SimulatorPage.
import type { SimulatorLive } from '../contracts/simulator.ts';
import { simulatorTexts } from '../i18n/simulator.ts';
import type { SimulatorLink } from './simulator-link.ts';

const { t } = simulatorTexts;

export function FaultsPanel(props: { link: SimulatorLink; live: SimulatorLive }) {
  const { link, live } = props;
  return (
    <section aria-labelledby="faults-title">
      <h2 id="faults-title">{t('faults')}</h2>
      <ul class="faults">
        {live.cables.map(({ role, plugged }) => (
          <li key={role} data-testid={`cable-${role}`} data-ok={plugged}>
            <b>{t(`role-${role}`)}</b>
            <span>{t(plugged ? 'plugged' : 'unplugged')}</span>
            <button
              type="button"
              data-testid={`plug-${role}`}
              onClick={() => void link.post('/api/plug', { role, plugged: !plugged })}
            >
              {t(plugged ? 'unplug' : 'plug')}
            </button>
          </li>
        ))}
        <li data-testid="network" data-ok={live.networkUp}>
          <b>{t(live.networkUp ? 'network-up' : 'network-down')}</b>
          <span />
          <button
            type="button"
            data-testid="cut"
            onClick={() => void link.post('/api/network', { up: !live.networkUp })}
          >
            {t(live.networkUp ? 'cut' : 'restore')}
          </button>
        </li>
      </ul>
      <button
        type="button"
        data-testid="mute"
        aria-pressed={live.muted}
        onClick={() => void link.post('/api/mute', { muted: !live.muted })}
      >
        {t(live.muted ? 'unmute' : 'mute')}
      </button>
    </section>
  );
}
