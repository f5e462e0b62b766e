// A device is not there: what, since when, a code to say on the telephone, and how to go on by hand. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import type { ScreenProps } from '../model.ts';
import { Act, Line } from '../parts/Act.tsx';
import { Face } from '../parts/Face.tsx';

/** Seconds up to two minutes, whole minutes after that. */
function sinceText(forMs: number): string {
  const seconds = Math.max(0, Math.floor(forMs / 1_000));
  return seconds < 120
    ? t('trouble.since', { seconds })
    : t('trouble.sinceMinutes', { minutes: Math.floor(seconds / 60) });
}

export function Trouble({ screen, acts }: ScreenProps<'trouble'>) {
  const { deviceId } = screen;
  return (
    <>
      <Face icon="plug" word="trouble.word">
        <p class="title">{t(`fault.${screen.fault}`)}</p>
        {screen.code !== null && (
          <p class="code" data-testid="code">
            {screen.code}
          </p>
        )}
        <p class="detail" data-testid="since">
          {sinceText(screen.forMs)}
        </p>
        <Line word={`fault.${screen.fault}.do`} />
      </Face>
      <div class="actions">
        {screen.fault !== 'reader' && (
          <Act
            kind="primary"
            icon="keypad"
            word="act.manual"
            onPress={() => acts.keypad(screen.fault === 'device-warm-up' ? 'contact' : 'infrared')}
            testId="handheld"
          />
        )}
        {deviceId !== null && (
          <Act icon="again" word="act.reconnect" onPress={() => acts.reconnect(deviceId)} testId="reconnect" />
        )}
        {screen.hasPerson && <Act word="act.leave" onPress={acts.leave} testId="leave" />}
      </div>
    </>
  );
}
