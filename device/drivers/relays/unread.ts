// A decoder for relay boards whose answers nobody reads: says once a run that bytes came. Called by lcus and hw-667.
import type { Decoder } from '../driver.ts';

export function unread(): Decoder {
  let isReported = false;
  return {
    push: (bytes) => {
      if (bytes.length === 0 || isReported) return [];
      isReported = true;
      return [{ kind: 'rejected', reason: 'not-read' }];
    },
    idle: () => {
      isReported = false;
      return [];
    },
    held: () => 0,
  };
}
