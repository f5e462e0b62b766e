// The first moment, until the bridge has been heard: asks nobody for a card. Painted by GateScreen.
import { Line } from '../parts/Act.tsx';
import { Face } from '../parts/Face.tsx';

export function Start() {
  return (
    <Face icon="dots" word="start.word">
      <Line word="start.line" />
    </Face>
  );
}
