// Cuts a stream of bytes into frames: bounded, linear, and after anything bad it moves on by one byte, so that a good
// frame that begins inside a bad one is found. Called by every binary driver.
import type { Decoder, DeviceEvent } from './drivers/driver.ts';

/** What a driver says about the bytes from a candidate's first byte on; `Found` is what it makes of a frame. */
export type Judgement<Found = DeviceEvent> =
  /** A frame may begin here, but more bytes are needed to tell. */
  | { is: 'more' }
  /** No frame begins here; `noise` for bytes that do not even look like one. `span` = length of what was judged. */
  | { is: 'bad'; reason: string; span: number }
  /** `length` bytes are one frame. */
  | { is: 'frame'; length: number; event: Found };

export type FrameRules<Found = DeviceEvent> = {
  /** Longest frame in bytes: a judge that has so many must decide. */
  frameBytesMax: number;
  /** Bytes after a good frame that are dropped in silence when no frame begins with them. */
  slackBytes: number;
  /** Pure; must give the same answer for the same bytes, and only look at `bytes`. */
  judge(bytes: Uint8Array): Judgement<Found>;
};

export type Rejected = Extract<DeviceEvent, { kind: 'rejected' }>;

/** A decoder whose frames are `Found`. */
export type Framer<Found> = Pick<Decoder, 'held'> & {
  push(bytes: Uint8Array): (Found | Rejected)[];
  idle(): (Found | Rejected)[];
};

/** Times the longest frame: room for what arrives while a candidate waits for its end. */
const bufferFrames = 8;

/**
 * A decoder over `rules`. Dropped bytes are reported once a run, not once a byte: a run of noise is one event, and a bad
 * frame is one event however many bytes it takes to get past it. Any split of the same bytes gives the same events.
 */
export function createFramer<Found extends { kind: string; alive?: boolean } = DeviceEvent>(
  rules: FrameRules<Found>,
): Framer<Found> {
  const buffer = new Uint8Array(rules.frameBytesMax * bufferFrames);
  let start = 0;
  let end = 0;
  /** Reason reported last in the present run of dropped bytes, null outside of one. */
  let lastReason: string | null = null;
  /** Bytes of the reported bad frame that are still to be dropped in silence. */
  let covered = 0;
  let slack = 0;

  const drop = (reason: string, span: number, events: (Found | Rejected)[]) => {
    start += 1;
    if (slack > 0 && reason === 'noise') {
      slack -= 1;
      return;
    }
    slack = 0;
    const isSilent = lastReason !== null && (reason === 'noise' || (reason === lastReason && covered > 0));
    covered = Math.max(0, covered - 1);
    if (isSilent) return;
    lastReason = reason;
    covered = span - 1;
    events.push({ kind: 'rejected', reason });
  };

  const drain = (events: (Found | Rejected)[]) => {
    while (start < end) {
      const said = rules.judge(buffer.subarray(start, Math.min(end, start + rules.frameBytesMax)));
      if (said.is === 'more') {
        if (end - start < rules.frameBytesMax) break;
        drop('overflow', rules.frameBytesMax, events);
      } else if (said.is === 'bad') {
        drop(said.reason, said.span, events);
      } else {
        start += said.length;
        lastReason = null;
        covered = 0;
        slack = rules.slackBytes;
        events.push(said.event);
      }
    }
    buffer.copyWithin(0, start, end);
    end -= start;
    start = 0;
  };

  return {
    push(bytes) {
      const events: (Found | Rejected)[] = [];
      for (let from = 0; from < bytes.length; ) {
        const room = Math.min(buffer.length - end, bytes.length - from);
        buffer.set(bytes.subarray(from, from + room), end);
        end += room;
        from += room;
        drain(events);
      }
      return events;
    },
    idle() {
      const events: (Found | Rejected)[] = end - start > slack ? [{ kind: 'rejected', reason: 'truncated' }] : [];
      // What never came to its end may only have looked like a beginning: a whole frame may stand inside.
      while (start < end) {
        start += 1;
        const inside: (Found | Rejected)[] = [];
        drain(inside);
        events.push(...inside.filter((event) => event.kind !== 'rejected' || event.alive === true));
      }
      lastReason = null;
      covered = 0;
      slack = 0;
      return events;
    },
    held: () => end - start,
  };
}
