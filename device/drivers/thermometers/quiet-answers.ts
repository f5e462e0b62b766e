// Answers without a head or an end: what stands between two silences is one answer or none. Two answers that ran together, or a
// late half of one with the next, have the wrong length and are dropped whole. Called by the drivers of query-mode thermometers.
import type { Decoder, DeviceEvent } from '../driver.ts';

export type QuietRules = {
  /** Longest answer in bytes. */
  bytesMax: number;
  /** Exactly what came between two silences, 1 to `bytesMax` bytes. */
  judge(bytes: Uint8Array): DeviceEvent;
  asked?(command: string): void;
};

export function createQuietAnswers(rules: QuietRules): Decoder {
  const answer = new Uint8Array(rules.bytesMax);
  let length = 0;
  let isOverlong = false;
  const reset = () => {
    length = 0;
    isOverlong = false;
  };
  return {
    push(bytes) {
      const room = Math.min(rules.bytesMax - length, bytes.length);
      answer.set(bytes.subarray(0, room), length);
      length += room;
      if (room < bytes.length) isOverlong = true;
      return [];
    },
    idle() {
      if (length === 0) return [];
      const event: DeviceEvent = isOverlong
        ? { kind: 'rejected', reason: 'length' }
        : rules.judge(answer.slice(0, length));
      reset();
      return [event];
    },
    held: () => length,
    asked(command) {
      reset();
      rules.asked?.(command);
    },
  };
}
