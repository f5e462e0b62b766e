// A second named person signs with a PIN for what the guard on duty decides. Painted by VisitorForm and DecideForm.
import { Component } from 'preact';
import { visitorTexts } from '../../i18n/visitors.ts';
import { Button } from '../../ui/button.tsx';
import { Keys } from '../panels/Keys.tsx';
import type { Station } from '../station-types.ts';

const { t } = visitorTexts;
export const limits = { pinMin: 4, pinMax: 12, guards: 12 } as const;

type Props = {
  station: Pick<Station, 'state' | 'countersign'>;
  passageId: string | null;
  onSigned(staffId: string): void;
  onWrong(): void;
};
type Guard = { staffId: string; name: string };
type State = { guard: Guard | null; pin: string; checking: boolean; note: string };

export class Countersign extends Component<Props, State> {
  override state: State = { guard: null, pin: '', checking: false, note: '' };

  private sign = async () => {
    const { guard, pin } = this.state;
    const { passageId, station, onSigned, onWrong } = this.props;
    if (guard === null || passageId === null) return;
    this.setState({ checking: true });
    const { error, retryInMs } = await station.countersign(guard.staffId, pin, passageId);
    if (error === null) return onSigned(guard.staffId);
    const minutes = Math.max(1, Math.ceil(retryInMs / 60_000));
    this.setState({ checking: false, pin: '', note: t(error, { minutes }) });
    onWrong();
  };

  override render({ station, passageId }: Props, { guard, pin, checking, note }: State) {
    const { guards, signedIn } = station.state();
    const others = guards.filter((one) => one.staffId !== signedIn?.staffId).slice(0, limits.guards);
    if (passageId === null) return <p class="title">{t('over')}</p>;
    if (guard === null) {
      return (
        <>
          <p class="line">{others.length === 0 ? t('sign-nobody') : t('sign-who')}</p>
          <div class="spacer" />
          <div class="choices two">
            {others.map((one) => (
              <Button
                key={one.staffId}
                label={one.name}
                onPress={() => this.setState({ guard: one })}
                testId={`second-${one.staffId}`}
              />
            ))}
          </div>
        </>
      );
    }
    return (
      <>
        <p class="title">{t('sign-pin', { name: guard.name })}</p>
        <output class="entry-value" data-testid="pin">
          {'●'.repeat(pin.length)}
        </output>
        <p class="note" data-bad={note !== ''} role="status">
          {checking ? t('sign-checking') : note}
        </p>
        <div class="spacer" />
        <Keys
          onDigit={(digit) => this.setState((now) => ({ note: '', pin: (now.pin + digit).slice(0, limits.pinMax) }))}
          onErase={() => this.setState((now) => ({ pin: now.pin.slice(0, -1) }))}
          enter={
            <Button
              kind="primary"
              label={t('sign')}
              disabled={checking || pin.length < limits.pinMin}
              onPress={() => void this.sign()}
              testId="keypad-enter"
            />
          }
        />
      </>
    );
  }
}
