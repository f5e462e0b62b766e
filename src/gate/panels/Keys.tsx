// Ten digits, erase and one wide key: the pad of keypad and shift, by touch or by the digits of a keyboard. Painted by the panels.
import { Component, type ComponentChildren } from 'preact';
import { t } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';

type Props = { onDigit: (digit: string) => void; onErase: () => void; enter: ComponentChildren };

export class Keys extends Component<Props> {
  private onKey = (event: KeyboardEvent) => {
    const { key } = event;
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (/^\d$/.test(key)) this.props.onDigit(key);
    else if (key === 'Backspace') this.props.onErase();
    // A button of the panel that has the focus is pressed by Enter itself; the one that opened the panel keeps the focus for nothing.
    else if (key === 'Enter' && !document.activeElement?.closest('.panel')) {
      event.preventDefault();
      document.querySelector<HTMLElement>('.keys .button-primary')?.click();
    }
  };

  override componentDidMount() {
    addEventListener('keydown', this.onKey);
  }
  override componentWillUnmount() {
    removeEventListener('keydown', this.onKey);
  }

  override render({ onDigit, onErase, enter }: Props) {
    return (
      <div class="keys">
        {['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => (
          <Button key={digit} label={digit} onPress={() => onDigit(digit)} testId={`keypad-${digit}`} />
        ))}
        <Button icon="erase" label={t('keypad.erase')} onPress={onErase} testId="keypad-erase" />
        <Button label="0" onPress={() => onDigit('0')} testId="keypad-0" />
        {enter}
      </div>
    );
  }
}
