// The bridge as a writer of entries of its own: each process begins a chain in the journal. Called by bridge.
import { campusDay } from '../src/domain/campus-day.ts';
import { canonicalJson } from '../src/domain/canonical-json.ts';
import { genesisHash, hashOf } from '../src/domain/chain.ts';
import type { Entry, EntryBody, Envelope } from '../src/domain/entry.ts';
import { uuidV4, uuidV7 } from '../src/domain/uuid.ts';
import type { Clock, Timer } from './clock.ts';
import type { AppendAnswer } from './journal.ts';
import type { Log } from './log.ts';

export const limits = { waiting: 200, retryMs: 5_000, jumpMs: 2_000, watchMs: 1_000 } as const;

export type WriterParts = {
  append: (envelope: Envelope) => Promise<AppendAnswer>;
  stationId: string;
  clock: Clock;
  wallMs: () => number;
  randomBytes: (count: number) => Uint8Array;
  hubOffsetMs: () => number | null;
  onDuty: () => string | null;
  /** An entry has reached the journal. */
  onStored: () => void;
  log: Log;
};

export type OwnWriter = {
  writerId: string;
  /** Appends in order; an entry keeps its place and bytes until the journal has it. */
  write(body: EntryBody): void;
  /** True once everything written so far lies in the journal; false when some of it must wait. */
  settled(): Promise<boolean>;
  /** Waits for what can be stored now. */
  stop(): Promise<void>;
};

export function createOwnWriter(parts: WriterParts): OwnWriter {
  const { clock, wallMs, log } = parts;
  const writerId = uuidV4(parts.randomBytes(16));
  let end = { seq: 0, hash: genesisHash(writerId) };
  const waiting: Envelope[] = [];
  let running: Promise<void> = Promise.resolve();
  let retry: Timer | null = null;
  let watch: Timer | null = null;
  let isStopped = false;

  const flush = async (): Promise<void> => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const answer = await parts.append(next);
      if (answer === 'stored' || answer === 'duplicate') {
        waiting.shift();
        parts.onStored();
        continue;
      }
      log.error({ event: 'own-entry-waits', reason: answer, count: waiting.length });
      if (!isStopped) retry ??= clock.setTimer(again, limits.retryMs);
      return;
    }
  };
  const again = (): void => {
    retry = null;
    running = running.then(flush);
  };

  const write = (body: EntryBody): void => {
    if (waiting.length >= limits.waiting) {
      log.error({ event: 'own-entry-lost', reason: body.kind, count: waiting.length });
      return;
    }
    const now = Math.round(wallMs());
    const entry = {
      v: 1,
      station: parts.stationId,
      wallMs: now,
      monoMs: Math.round(clock.nowMs()),
      hubOffsetMs: parts.hubOffsetMs(),
      day: campusDay(now),
      onDuty: parts.onDuty(),
      ...body,
    } satisfies Entry;
    const bytes = canonicalJson(entry);
    end = { seq: end.seq + 1, hash: hashOf(end.hash, bytes) };
    const entryId = uuidV7(Math.max(0, now), parts.randomBytes(10));
    waiting.push({ entryId, writerId, seq: end.seq, hash: end.hash, bytes });
    running = running.then(flush);
  };

  let skewMs = wallMs() - clock.nowMs();
  const look = (): void => {
    const nowSkewMs = wallMs() - clock.nowMs();
    const jumpMs = Math.round(nowSkewMs - skewMs);
    skewMs = nowSkewMs;
    if (Math.abs(jumpMs) > limits.jumpMs) {
      log.warn({ event: 'clock-jump', inMs: jumpMs });
      write({ kind: 'clock-jump', jumpMs });
    }
    watch = clock.setTimer(look, limits.watchMs);
  };
  watch = clock.setTimer(look, limits.watchMs);
  write({ kind: 'writer-start', cause: 'process', before: null });

  return {
    writerId,
    write,
    settled: () => running.then(() => waiting.length === 0),
    stop: async () => {
      isStopped = true;
      if (watch !== null) clock.clearTimer(watch);
      if (retry !== null) clock.clearTimer(retry);
      await running;
    },
  };
}
