// Nobody at the gate: asks for the card, and shows one notice of the office, small. Painted by GateScreen.
import { langTag } from '../../i18n/define.ts';
import type { ScreenProps } from '../model.ts';
import { Line } from '../parts/Act.tsx';
import { Face } from '../parts/Face.tsx';

export function Idle({ model, screen: { notice } }: ScreenProps<'idle'>) {
  const key = model.direction === 'in' ? 'idle.line' : 'idle.lineOut';
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
