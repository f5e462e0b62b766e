// A decision by telephone on who is held (row 8): who decided, why, and the second person's PIN. Painted by the room.
import { Component } from 'preact';
import { visitorTexts } from '../../i18n/visitors.ts';
import { Button } from '../../ui/button.tsx';
import { Countersign } from './Countersign.tsx';
import type { PartProps } from './room-types.ts';

const { t } = visitorTexts;
export const limits = { nameChars: 60 } as const;
const offices = ['counsellor', 'affairs', 'security', 'duty'] as const;
/** Stored in the entry as they stand. */
const whys = ['papers', 'medical', 'duty', 'other'] as const;

type Props = PartProps & { held: string };
type State = { who: string; why: string | null; signing: boolean };

export class DecideForm extends Component<Props, State> {
  override state: State = { who: '', why: null, signing: false };

  private settle = (allow: boolean, second: string | null) => {
    const { guests, held, onClose } = this.props;
    guests.decide(held, {
      allow,
      decidedBy: this.state.who.trim(),
      second,
      note: this.state.why ?? 'other',
    });
    onClose();
  };

  override render({ station, controller, guests, held, onWrong }: Props, { who, why, signing }: State) {
    const passageId = guests.passageIdOf(held);
    if (passageId === null) return <p class="title">{t('over')}</p>;
    if (signing) {
      return (
        <Countersign
          station={station}
          passageId={passageId}
          onSigned={(staffId) => this.settle(true, staffId)}
          onWrong={onWrong}
        />
      );
    }
    const { screen } = controller.model();
    const contact = screen.name === 'hold' ? (screen.secret.contact ?? '') : '';
    // Stored in Chinese, whatever language the guard reads.
    const names = [
      ...(contact === '' ? [] : [{ label: contact, value: contact }]),
      ...offices.map((one) => ({ label: t(`by-${one}`), value: visitorTexts.tIn('zh', `by-${one}`) })),
    ];
    const ready = who.trim() !== '' && why !== null;
    return (
      <>
        <p class="legend">{t('decide-who')}</p>
        <div class="choices two">
          {names.map(({ label, value }, index) => (
            <Button
              key={value}
              label={label}
              pressed={who === value}
              onPress={() => this.setState({ who: value })}
              testId={`who-${index}`}
            />
          ))}
        </div>
        <label class="typed">
          {t('decide-name')}
          <input
            value={who}
            maxLength={limits.nameChars}
            autocomplete="off"
            data-testid="decide-name"
            onInput={(event) => this.setState({ who: event.currentTarget.value })}
          />
        </label>
        <div class="spacer" />
        <p class="legend">{t('decide-why')}</p>
        <div class="choices two">
          {whys.map((one) => (
            <Button
              key={one}
              label={t(`why-${one}`)}
              pressed={why === one}
              onPress={() => this.setState({ why: one })}
              testId={`why-${one}`}
            />
          ))}
        </div>
        <div class="actions">
          <Button
            kind="primary"
            label={t('allow')}
            disabled={!ready}
            onPress={() => this.setState({ signing: true })}
            testId="allow"
          />
          <Button label={t('refuse')} disabled={!ready} onPress={() => this.settle(false, null)} testId="turn-back" />
        </div>
      </>
    );
  }
}
