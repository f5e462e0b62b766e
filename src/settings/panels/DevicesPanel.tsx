// The configured devices as they are at this moment: state, live value, what their lines have counted. Rendered by SettingsPage.
import type { SettingsDevice } from '../../contracts/settings.ts';
import { settingsTexts } from '../../i18n/settings.ts';
import type { PanelProps } from '../panels.ts';
import { celsius } from '../parts/celsius.ts';

const { t, has } = settingsTexts;

export function DevicesPanel({ live }: PanelProps) {
  const now = live.value;
  if (now === null) return <p role="status">{t('connecting')}</p>;
  if (now.devices.length === 0) return <p class="note">{t('no-devices')}</p>;
  return (
    <ul class="cards" data-testid="devices">
      {now.devices.map((device) => (
        <Device key={device.status.deviceId} device={device} monoMs={now.monoMs} />
      ))}
    </ul>
  );
}

function Device({ device, monoMs }: { device: SettingsDevice; monoMs: number }) {
  const { status, value } = device;
  const seconds = Math.max(0, Math.floor((monoMs - status.sinceMs) / 1_000));
  return (
    <li class="card" data-testid={`device-${status.deviceId}`} data-state={status.state}>
      <div class="card-head">
        <h2>{t(`role-${status.role}`)}</h2>
        <span class="state" data-state={status.state} data-testid="state">
          {t(`state-${status.state}`)}
          {status.code === null ? '' : ` ${status.code}`}
        </span>
      </div>
      <p class="note" data-testid="since">
        {t('since', { time: spanOf(seconds) })}
      </p>
      {status.role === 'thermometer' && (
        <p class="value" data-testid="value">
          {value === null ? t('no-value') : celsius(value.centiCelsius ?? value.rawCentiCelsius)}
          {value !== null && (
            <small>
              {value.centiCelsius === null
                ? t('no-offset')
                : t('value-detail', {
                    raw: celsius(value.rawCentiCelsius),
                    offset: celsius(value.offsetCentiCelsius),
                  })}
              {value.ambientCentiCelsius !== null && (
                <>
                  <br />
                  {t('ambient', { value: celsius(value.ambientCentiCelsius) })}
                </>
              )}
            </small>
          )}
        </p>
      )}
      {device.reason !== null && (
        <p class="note" data-bad="true" data-testid="reason">
          {sayReason(device.reason)}
        </p>
      )}
      <dl class="facts">
        <Fact name={t('profile')} value={status.profile} />
        <Fact name={t('port')} value={device.path} />
        <Fact name={t('baud')} value={String(device.baudRate)} />
      </dl>
      <Health device={device} />
    </li>
  );
}

function Health({ device }: { device: SettingsDevice }) {
  const { health } = device;
  const rejected = Object.entries(health.rejected);
  return (
    <dl class="facts" data-testid="health">
      <Fact name={t('frames')} value={health.frames} />
      <Fact name={t('bytes')} value={health.bytes} />
      <Fact
        name={t('rejected')}
        value={rejected.length === 0 ? 0 : rejected.map(([reason, count]) => `${sayWhy(reason)} ${count}`).join(', ')}
        isBad={rejected.length > 0}
      />
      <Fact name={t('unsolicited')} value={health.unsolicited} isBad={health.unsolicited > 0} />
      <Fact name={t('unanswered')} value={health.unanswered} isBad={health.unanswered > 0} />
      <Fact name={t('late-writes')} value={health.lateWrites} isBad={health.lateWrites > 0} />
      <Fact name={t('reconnects')} value={Math.max(0, health.connects - 1)} isBad={health.connects > 1} />
    </dl>
  );
}

function Fact({ name, value, isBad = false }: { name: string; value: string | number; isBad?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-bad={isBad}>{value}</dd>
    </div>
  );
}

function spanOf(seconds: number): string {
  if (seconds < 120) return t('seconds', { n: seconds });
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? t('minutes', { n: minutes }) : t('hours', { n: Math.floor(minutes / 60) });
}

/** The line's own word as a sentence, where there is one. */
function sayReason(reason: string): string {
  const key: string = `reason-${reason}`;
  return has(key) ? t(key) : t('reason-other', { reason });
}

function sayWhy(reason: string): string {
  const key: string = `why-${reason}`;
  return has(key) ? t(key) : reason;
}
