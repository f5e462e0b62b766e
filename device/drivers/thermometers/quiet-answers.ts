// Answers without a head or an end. Once the device is being asked, what stands between two silences is one answer or none: two
// that ran together, or a late half of one with the next, have the wrong length and are dropped whole. A capture, whose silences
// nobody kept, is cut into answers of their fixed length. Called by the drivers of query-mode thermometers.
import type { Decoder, DeviceEvent } from '../driver.ts';

/** Longest capture without a silence: some minutes of answers. Longer ones are no answers of such a device. */
export const limits = { captureBytes: 512 } as const;

export type QuietRules = {
  /** Length of every answer. */
  answerBytes: number;
  /** One answer. */
  judge(bytes: Uint8Array): DeviceEvent;
  /** Bytes in front of an answer in captures, which only say what it is; none by default. */
  mark?: { bytes: readonly number[]; judge(bytes: Uint8Array): DeviceEvent };
  asked?(command: string): void;
};

export function createQuietAnswers(rules: QuietRules): Decoder {
  const held = new Uint8Array(limits.captureBytes);
  let length = 0;
  let isOverlong = false;
  let isAsked = false;
  const reset = () => {
    length = 0;
    isOverlong = false;
  };
  return {
    push(bytes) {
      const room = Math.min(held.length - length, bytes.length);
      held.set(bytes.subarray(0, room), length);
      length += room;
      if (room < bytes.length) isOverlong = true;
      return [];
    },
    idle() {
      if (length === 0) return [];
      const bytes = held.slice(0, length);
      const isSized = isAsked ? length === rules.answerBytes : length % rules.answerBytes === 0;
      const isWhole = isSized && !isOverlong;
      reset();
      if (!isWhole) return [{ kind: 'rejected', reason: 'length' }];
      return isAsked ? [rules.judge(bytes)] : captured(bytes, rules);
    },
    held: () => length,
    asked(command) {
      reset();
      isAsked = true;
      rules.asked?.(command);
    },
  };
}

function captured(bytes: Uint8Array, { answerBytes, judge, mark }: QuietRules): DeviceEvent[] {
  const events: DeviceEvent[] = [];
  for (let at = 0; at < bytes.length; at += answerBytes) {
    const isMarked = mark?.bytes.every((byte, index) => bytes[at + index] === byte) === true;
    if (isMarked) at += mark.bytes.length;
    const answer = bytes.subarray(at, at + answerBytes);
    if (answer.length < answerBytes) return [...events, { kind: 'rejected', reason: 'length' }];
    events.push(isMarked ? mark.judge(answer) : judge(answer));
  }
  return events;
}
