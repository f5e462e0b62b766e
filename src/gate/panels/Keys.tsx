// Ten digits, erase and one wide key: the pad of keypad and shift. Painted by the panels.
import type { ComponentChildren } from 'preact';
import { t } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';

type Props = { onDigit: (digit: string) => void; onErase: () => void; enter: ComponentChildren };

export function Keys({ onDigit, onErase, enter }: Props) {
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
