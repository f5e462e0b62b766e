// A value from a hand-held or a contact thermometer, typed by the guard who is signed in: 364 is 36.4. Painted by GateScreen.
import { Component } from 'preact';
import type { GatePolicy } from '../../domain/policy.ts';
import { type Method, type Site, textOfTenths } from '../../domain/reading.ts';
import { t } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import type { Typed } from '../model.ts';
import { Keys } from './Keys.tsx';
import { Panel } from './Panel.tsx';

export const limits = { digits: 3 } as const;
const sitesOf: Record<Method, readonly Site[]> = {
  infrared: ['forehead', 'wrist', 'neck'],
  contact: ['axillary', 'oral', 'ear'],
};

type Props = {
  card: string | null;
  method: Method;
  /** The reading is added to an open case instead of deciding. */
  evidence: boolean;
  typedBy: string;
  range: Pick<GatePolicy, 'rangeMinTenths' | 'rangeMaxTenths'>;
  onTyped: (typed: Typed) => void;
  onWrong: () => void;
  onClose: () => void;
};

/** '36.4' for '364'; what is still missing is a dash. */
function shownDigits(digits: string): string {
  const padded = digits.padEnd(limits.digits, '–');
  return `${padded.slice(0, 2)}.${padded.slice(2)}`;
}

type State = { digits: string; method: Method; site: Site; bad: boolean };

/** A method with the site that it is used at first. */
const begin = (method: Method) => ({ method, site: sitesOf[method][0] ?? 'forehead' });

export class KeypadPanel extends Component<Props, State> {
  override state: State = { digits: '', bad: false, ...begin(this.props.method) };

  override render(props: Props, { digits, method, site, bad }: State) {
    const { rangeMinTenths: min, rangeMaxTenths: max } = props.range;
    const enter = () => {
      const tenths = Number(digits);
      if (digits.length === limits.digits && tenths >= min && tenths <= max) {
        props.onTyped({ tenths, site, method, card: props.card });
        return;
      }
      this.setState({ bad: true, digits: '' });
      props.onWrong();
    };
    return (
      <Panel
        title={t(props.evidence ? 'keypad.evidenceTitle' : 'act.handheld')}
        testId="keypad"
        onClose={props.onClose}
      >
        <p class="legend">{t('keypad.by', { name: props.typedBy })}</p>
        <div class="spacer" />
        <output class="entry-value" data-testid="typed">
          {shownDigits(digits)}
        </output>
        <p class="note" data-bad={bad} role="status">
          {bad
            ? t('keypad.range', { min: textOfTenths(min), max: textOfTenths(max) })
            : t(props.card === null ? 'keypad.noOne' : 'keypad.hint')}
        </p>
        <fieldset class="choices two" aria-label={t('keypad.method')}>
          {(['infrared', 'contact'] as const).map((choice) => (
            <Button
              key={choice}
              label={t(`keypad.${choice}`)}
              pressed={method === choice}
              onPress={() => this.setState(begin(choice))}
              testId={`method-${choice}`}
            />
          ))}
        </fieldset>
        <fieldset class="choices" aria-label={t('keypad.site')}>
          {sitesOf[method].map((choice) => (
            <Button
              key={choice}
              label={t(`site.${choice}`)}
              pressed={site === choice}
              onPress={() => this.setState({ site: choice })}
              testId={`site-${choice}`}
            />
          ))}
        </fieldset>
        <Keys
          onDigit={(digit) =>
            this.setState((now) => ({ bad: false, digits: (now.digits + digit).slice(0, limits.digits) }))
          }
          onErase={() => this.setState((now) => ({ digits: now.digits.slice(0, -1) }))}
          enter={
            <Button
              kind="primary"
              label={t('keypad.enter')}
              disabled={props.card === null || digits.length < limits.digits}
              onPress={enter}
              testId="keypad-enter"
            />
          }
        />
      </Panel>
    );
  }
}
