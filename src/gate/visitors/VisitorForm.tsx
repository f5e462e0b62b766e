// Registers a visitor while the measuring goes on: name, telephone, host unit with purpose and last day, then the approval.
// Painted by the room.
import { Component } from 'preact';
import { addDays, campusDay } from '../../domain/campus-day.ts';
import { surnames, visitorTexts } from '../../i18n/visitors.ts';
import { Button } from '../../ui/button.tsx';
import { Keys } from '../panels/Keys.tsx';
import { Countersign } from './Countersign.tsx';
import { FindPad } from './FindPad.tsx';
import type { PartProps } from './room-types.ts';

const { t } = visitorTexts;
export const limits = { nameChars: 30, phoneDigits: 15, phoneMin: 5, unitChars: 60 } as const;
/** Stored in the entry as they stand. */
const purposes = ['delivery', 'repair', 'meeting', 'visit', 'other'] as const;
const days = [0, 2, 6] as const;

type Props = PartProps & { visitor: string; step: Step; onStep(step: Step): void };
export type Step = 'name' | 'phone' | 'host' | 'find' | 'approve' | 'sign';
type State = { name: string; phone: string; unit: string; purpose: string | null; days: number; note: string };

export class VisitorForm extends Component<Props, State> {
  override state: State = { name: '', phone: '', unit: '', purpose: null, days: 0, note: '' };

  private register = async (second: string | null) => {
    const { guests, visitor, onClose, onWrong } = this.props;
    const { name, phone, unit, purpose } = this.state;
    const expiresDay = addDays(campusDay(Date.now()), this.state.days);
    const details = { name: name.trim(), phone, hostUnit: unit.trim(), purpose: purpose ?? 'other', expiresDay };
    try {
      await guests.registerVisitor(visitor, details, second);
      onClose();
    } catch {
      this.setState({ note: t('not-kept') });
      onWrong();
    }
  };

  private text = (key: 'name' | 'unit', label: string, max: number) => (
    <label class="typed">
      {label}
      <input
        value={this.state[key]}
        maxLength={max}
        autocomplete="off"
        data-testid={`visitor-${key}`}
        onInput={(event) => this.setState({ [key]: event.currentTarget.value })}
      />
    </label>
  );

  private next = (to: Step, ready: boolean) => (
    <Button kind="primary" label={t('next')} disabled={!ready} onPress={() => this.props.onStep(to)} testId="next" />
  );

  override render({ step, onStep, station, guests, visitor, onWrong }: Props, state: State) {
    switch (step) {
      case 'name':
        return (
          <>
            {this.text('name', t('step-name'), limits.nameChars)}
            <p class="note">{t('name-hint')}</p>
            <div class="spacer" />
            <div class="choices" style={{ '--columns': 4 }} lang="zh-CN">
              {surnames.map((one) => (
                <Button key={one} label={one} onPress={() => this.setState({ name: one })} testId={`surname-${one}`} />
              ))}
            </div>
            <div class="choices two">
              {(['mister', 'miss'] as const).map((one) => (
                <Button
                  key={one}
                  label={t(one)}
                  onPress={() => this.setState({ name: `${state.name}${visitorTexts.tIn('zh', one)}` })}
                  testId={one}
                />
              ))}
            </div>
            {this.next('phone', state.name.trim() !== '')}
          </>
        );
      case 'phone':
        return (
          <>
            <p class="title">{t('step-phone')}</p>
            <output class="entry-value find-value" data-testid="visitor-phone">
              {state.phone}
            </output>
            <div class="spacer" />
            <Keys
              onDigit={(digit) => this.setState((now) => ({ phone: (now.phone + digit).slice(0, limits.phoneDigits) }))}
              onErase={() => this.setState((now) => ({ phone: now.phone.slice(0, -1) }))}
              enter={this.next('host', state.phone.length >= limits.phoneMin)}
            />
          </>
        );
      case 'find':
        return (
          <FindPad
            find={station.find}
            onPick={({ unit }) => {
              this.setState({ unit });
              onStep('host');
            }}
          />
        );
      case 'host':
        return (
          <>
            {this.text('unit', t('step-host'), limits.unitChars)}
            <Button label={t('host-find')} onPress={() => onStep('find')} testId="host-find" />
            <div class="spacer" />
            <p class="legend">{t('purpose')}</p>
            <div class="choices">
              {purposes.map((one) => (
                <Button
                  key={one}
                  label={t(`purpose-${one}`)}
                  pressed={state.purpose === one}
                  onPress={() => this.setState({ purpose: one })}
                  testId={`purpose-${one}`}
                />
              ))}
            </div>
            <p class="legend">{t('expires')}</p>
            <div class="choices">
              {days.map((one) => (
                <Button
                  key={one}
                  label={t(`expires-${one}`)}
                  pressed={state.days === one}
                  onPress={() => this.setState({ days: one })}
                  testId={`expires-${one}`}
                />
              ))}
            </div>
            {this.next('approve', state.unit.trim() !== '' && state.purpose !== null)}
          </>
        );
      case 'approve': {
        const away = station.state().hub.state !== 'online';
        return (
          <>
            <p class="title">
              {state.name} · {state.unit}
            </p>
            <p class="note" data-bad={state.note !== ''} role="status">
              {state.note || (away ? t('approve-away') : '')}
            </p>
            <div class="spacer" />
            <Button
              kind="primary"
              label={t('approve-hub')}
              disabled={away}
              onPress={() => void this.register(null)}
              testId="approve-hub"
            />
            <Button label={t('approve-second')} onPress={() => onStep('sign')} testId="approve-second" />
          </>
        );
      }
      case 'sign':
        return (
          <Countersign
            station={station}
            passageId={guests.passageIdOf(visitor)}
            onSigned={(staffId) => void this.register(staffId)}
            onWrong={onWrong}
          />
        );
      default:
        return step satisfies never;
    }
  }
}
