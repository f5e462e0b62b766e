// Finding a person by pinyin, initials or number on nine large keys, in the roster that lies here. Painted by the room.
import { Component } from 'preact';
import type { RosterRow } from '../../contracts/downlink.ts';
import { t as gateText } from '../../i18n/texts.ts';
import { visitorTexts } from '../../i18n/visitors.ts';
import { Button } from '../../ui/button.tsx';
import { categoryText } from '../parts/words.ts';
import { digitOf, limits, padKeys } from './pad.ts';

const { t } = visitorTexts;
/** As many as roster-cache gives: there may be more. */
const foundMax = 60;

type Props = { find(digits: string): RosterRow[]; onPick(row: RosterRow): void };
type State = { digits: string; page: number };

export class FindPad extends Component<Props, State> {
  override state: State = { digits: '', page: 0 };

  private change = (digits: string) => this.setState({ digits: digits.slice(0, limits.digits), page: 0 });

  private onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target instanceof HTMLInputElement) return;
    const digit = digitOf(event.key);
    if (digit !== null) this.change(this.state.digits + digit);
    else if (event.key === 'Backspace') this.change(this.state.digits.slice(0, -1));
  };

  override componentDidMount() {
    addEventListener('keydown', this.onKey);
  }

  override componentWillUnmount() {
    removeEventListener('keydown', this.onKey);
  }

  override render({ find, onPick }: Props, { digits, page }: State) {
    const found = digits.length < 2 ? [] : find(digits);
    const pages = Math.max(1, Math.ceil(found.length / limits.perPage));
    const from = (page % pages) * limits.perPage;
    const note =
      digits.length < 2
        ? t('find-hint')
        : found.length === 0
          ? t('find-none')
          : found.length >= foundMax
            ? t('find-many')
            : '';
    return (
      <>
        <output class="entry-value find-value" data-testid="find-digits">
          {digits}
        </output>
        <p class="note" role="status">
          {note}
        </p>
        <ul class="choices found two">
          {found.slice(from, from + limits.perPage).map((row) => (
            <li key={row.personId}>
              <button type="button" class="button" data-testid="found" onClick={() => onPick(row)}>
                <b>{row.name}</b>
                <span>
                  {row.unit || categoryText(row.category)} · {row.personId.slice(-4)}
                </span>
              </button>
            </li>
          ))}
        </ul>
        <div class="spacer" />
        <div class="keys pad">
          {padKeys.map(([digit, letters]) => (
            <button
              key={digit}
              type="button"
              class="button"
              data-testid={`pad-${digit}`}
              onClick={() => this.change(digits + digit)}
            >
              <b>{digit}</b>
              <span>{letters}</span>
            </button>
          ))}
          <Button
            icon="erase"
            label={gateText('keypad.erase')}
            onPress={() => this.change(digits.slice(0, -1))}
            testId="pad-erase"
          />
          <Button label="0" onPress={() => this.change(`${digits}0`)} testId="pad-0" />
          <Button
            label={t('find-more')}
            disabled={pages < 2}
            onPress={() => this.setState({ page: (page + 1) % pages })}
            testId="pad-more"
          />
        </div>
      </>
    );
  }
}
