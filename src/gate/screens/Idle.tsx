// Nobody at the gate: asks for the card, and shows one notice of the office, small. Painted by GateScreen.
import { langTag } from '../../i18n/define.ts';
import type { Screen } from '../model.ts';
import { Line } from '../parts/Act.tsx';
import { Face } from '../parts/Face.tsx';

type Props = { direction: 'in' | 'out'; screen: Extract<Screen, { name: 'idle' }> };

export function Idle({ direction, screen: { notice } }: Props) {
  const key = direction === 'in' ? 'idle.line' : 'idle.lineOut';
  return (
    <>
      <Face icon="card" word="idle.word">
        <Line word={key} />
      </Face>
      {notice && (
        <div class="notice" data-testid="notice" lang={langTag[notice.lang]}>
          <b>{notice.title}</b>
          <p>{notice.text}</p>
        </div>
      )}
    </>
  );
}
