// Nobody at the gate: asks for the card. Painted by GateScreen.

import { Line } from '../parts/Act.tsx';
import { Face } from '../parts/Face.tsx';

export function Idle({ direction }: { direction: 'in' | 'out' }) {
  const key = direction === 'in' ? 'idle.line' : 'idle.lineOut';
  return (
    <Face icon="card" word="idle.word">
      <Line word={key} />
    </Face>
  );
}
