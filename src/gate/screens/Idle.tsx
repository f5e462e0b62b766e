// Nobody at the gate: asks for the card. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import { Face } from '../parts/Face.tsx';
import { other } from '../parts/words.ts';

export function Idle({ direction }: { direction: 'in' | 'out' }) {
  const key = direction === 'in' ? 'idle.line' : 'idle.lineOut';
  const second = other(key);
  return (
    <Face icon="card" word="idle.word">
      <p class="line">{t(key)}</p>
      <p class="detail" lang={second.lang}>
        {second.text}
      </p>
    </Face>
  );
}
