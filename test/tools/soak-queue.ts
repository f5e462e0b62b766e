// `npm run soak:queue -- --entries N`: a hub that was away for 30 days. N entries wait in the gate page's store and in the
// bridge's journal; measured are the start, the heap, and the passages with the queue standing and while it drains.
import { measureQueue } from '../kit/queue-figures.ts';
import { numberArgument } from './seeded.ts';

/** The acceptance list's bounds. */
const bounds = { startMs: 3_000, heapBytes: 200 * 1_048_576, standing: 1.2, draining: 1.5 } as const;

const entries = numberArgument('entries', 1_000_000);
const passages = numberArgument('passages', 48);
const perMinute = numberArgument('per-minute', 24);

const figures = await measureQueue({ entries, passages, perMinute, say: (text) => console.log(text) });
console.log(JSON.stringify(figures));
// Asked so that a figure that is not a number fails.
const holds =
  figures.startMs <= bounds.startMs &&
  figures.heapBytes <= bounds.heapBytes &&
  figures.standing <= bounds.standing &&
  figures.draining <= bounds.draining &&
  figures.drainedWhileBusy > 0 &&
  figures.newestReferralFirst &&
  figures.storedOnce;
console.log(holds ? '在界限内 · within all bounds' : '超出界限 · out of bounds');
process.exit(holds ? 0 : 1);
