// The hooks of preact/hooks that the gate page uses, upon light-signals.ts: the build of the gate page puts them in its place
// (vite.config.ts).
import { keep, useSignal } from './light-signals.ts';

export function useRef<T>(initial: T): { current: T } {
  return keep(() => ({ current: initial }));
}

export function useState<T>(initial: T): [T, (next: T | ((before: T) => T)) => void] {
  const state = useSignal(initial);
  const set = keep(() => (next: T | ((before: T) => T)) => {
    state.value = next instanceof Function ? next(state.value) : next;
  });
  return [state.value, set];
}

/** Runs after the painting when one of `inputs` changed; what `work` answers runs before the next time and at the end. */
export function useEffect(work: () => unknown, inputs: readonly unknown[]): void {
  const mine = keep((onEnd) => {
    const made: { inputs: readonly unknown[] | null; ended: boolean; undo: unknown } = {
      inputs: null,
      ended: false,
      undo: null,
    };
    onEnd(() => {
      made.ended = true;
      undo(made);
    });
    return made;
  });
  const { inputs: before } = mine;
  if (before !== null && inputs.every((input, index) => input === before[index])) return;
  mine.inputs = inputs;
  queueMicrotask(() => {
    if (mine.ended) return;
    undo(mine);
    mine.undo = work();
  });
}

function undo(of: { undo: unknown }): void {
  if (of.undo instanceof Function) of.undo();
  of.undo = null;
}
