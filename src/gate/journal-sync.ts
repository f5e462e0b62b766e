// Keeps the bridge's journal and the page's ledger alike: offers what the journal lacks, in order, and takes back what the
// page lacks. Called by the recorder (offer) and by the station (hello, words, loss of the line).

import { verifyChain } from '../domain/chain.ts';
import type { Envelope } from '../domain/entry.ts';
import type { Clocks } from '../sync/timers.ts';
import type { PulseOutcome } from './station-types.ts';

export const limits = {
  inFlight: 32,
  retryBaseMs: 1_000,
  retryMaxMs: 10_000,
  pulseGraceMs: 1_500,
  hotEntries: 256,
} as const;

type End = { writerId: string; seq: number; hash: string };
/** `floor`: what a pruned journal gave up ends here; the hub has sealed it, so a page without it goes on behind. */
type Head = End & { floor?: Pick<End, 'seq' | 'hash'> | undefined };
type Ledger = {
  ends(): ReadonlyMap<string, End>;
  read(writerId: string, fromSeq: number, limit: number): Promise<Envelope[]>;
  take(entries: readonly Envelope[], isReferral: (entry: Envelope) => boolean): Promise<number>;
};
type Link = {
  state(): string;
  send(message: { type: 'append'; envelope: Envelope; open: { notAfterMs: number } | null }): boolean;
  takeBack(writerId: string, fromSeq: number): Promise<{ entries: Envelope[]; done: boolean } | null>;
  toBridge(pageMs: number): number;
};

/** One writer's way into the journal. `sent` runs ahead of `acked` by what is in flight. */
type Lane = {
  acked: number;
  sent: number;
  inFlight: Map<string, number>;
  reading: boolean;
  blocked: boolean;
  attempt: number;
};
type Hot = { envelope: Envelope; notAfterMs: number | null };

export type Offered = { journaled: Promise<boolean>; pulse: Promise<PulseOutcome | null> };
/** `contradicting`: writers whose journal and page disagree about the same seq. */
export type Compared = { taken: number; contradicting: string[]; complete: boolean };

export type JournalSync = {
  /** The entry must already stand in the ledger's line: a reconnect reads it from there. */
  offer(envelope: Envelope, open: { notAfterMs: number } | null): Offered;
  onHello(journal: readonly Head[]): Promise<Compared>;
  onJournaled(entryId: string): void;
  onNotJournaled(entryId: string): void;
  onPulse(entryId: string, outcome: PulseOutcome): void;
  onLost(): void;
};

export function createJournalSync(deps: {
  ledger: Ledger;
  link: Link;
  clocks: Clocks;
  isReferral(entry: Envelope): boolean;
  onTaken(entries: readonly Envelope[]): void;
  onFault(error: unknown): void;
}): JournalSync {
  const { ledger, link, clocks } = deps;
  const lanes = new Map<string, Lane>();
  const hot = new Map<string, Hot>();
  const copies = new Map<string, (journaled: boolean) => void>();
  const pulses = new Map<string, (outcome: PulseOutcome) => void>();
  let generation = 0;

  function sendOne(writerId: string, lane: Lane, envelope: Envelope): boolean {
    const waiting = hot.get(envelope.entryId);
    hot.delete(envelope.entryId);
    const notAfterMs = waiting?.notAfterMs ?? null;
    const inTime = notAfterMs !== null && clocks.monoMs() < notAfterMs;
    if (notAfterMs !== null && !inTime) pulses.get(envelope.entryId)?.('late');
    const open = inTime ? { notAfterMs: link.toBridge(notAfterMs) } : null;
    if (!link.send({ type: 'append', envelope, open })) return false;
    lane.sent = envelope.seq;
    lane.inFlight.set(envelope.entryId, envelope.seq);
    return lanes.get(writerId) === lane;
  }

  /** Sends what the journal lacks, in order; never a later entry before an earlier one. */
  function pump(writerId: string, lane: Lane): void {
    const end = ledger.ends().get(writerId)?.seq ?? 0;
    if (lane.reading || lane.blocked || lanes.get(writerId) !== lane || lane.sent >= end) return;
    const room = limits.inFlight - lane.inFlight.size;
    if (room <= 0) return;
    const next = [...hot.values()].find(
      (one) => one.envelope.writerId === writerId && one.envelope.seq === lane.sent + 1,
    );
    if (next !== undefined) {
      if (sendOne(writerId, lane, next.envelope)) pump(writerId, lane);
      return;
    }
    lane.reading = true;
    ledger
      .read(writerId, lane.sent + 1, room)
      .then((entries) => {
        lane.reading = false;
        if (lanes.get(writerId) !== lane) return;
        for (const entry of entries) {
          if (entry.seq !== lane.sent + 1 || !sendOne(writerId, lane, entry)) return;
        }
        if (entries.length > 0) pump(writerId, lane);
      })
      .catch((error: unknown) => {
        lane.reading = false;
        deps.onFault(error);
        pause(writerId, lane);
      });
  }

  /** Waits, then offers again from the first entry that the journal did not confirm. */
  function pause(writerId: string, lane: Lane): void {
    if (lane.blocked) return;
    lane.blocked = true;
    const waitMs = Math.min(limits.retryMaxMs, limits.retryBaseMs * 2 ** Math.min(lane.attempt++, 10));
    clocks.after(waitMs, () => {
      lane.blocked = false;
      lane.sent = lane.acked;
      lane.inFlight.clear();
      pump(writerId, lane);
    });
  }

  function laneOf(entryId: string): [string, Lane] | null {
    for (const [writerId, lane] of lanes) if (lane.inFlight.has(entryId)) return [writerId, lane];
    return null;
  }

  function openLane(writerId: string, acked: number): void {
    const lane: Lane = { acked, sent: acked, inFlight: new Map(), reading: false, blocked: false, attempt: 0 };
    lanes.set(writerId, lane);
    pump(writerId, lane);
  }

  function settleAll(): void {
    for (const answer of [...copies.values()]) answer(false);
    for (const answer of [...pulses.values()]) answer('no-bridge');
    hot.clear();
  }

  /** Reads a writer's entries behind `end` out of the journal into the ledger. */
  async function takeBack(head: Head, mine: number): Promise<{ taken: number; sound: boolean; complete: boolean }> {
    let taken = 0;
    const endNow = () => {
      const end = ledger.ends().get(head.writerId);
      return (end?.seq ?? 0) < (head.floor?.seq ?? 0) ? head.floor : end;
    };
    for (let end = endNow(); (end?.seq ?? 0) < head.seq; end = endNow()) {
      const answer = await link.takeBack(head.writerId, (end?.seq ?? 0) + 1);
      if (answer === null || mine !== generation) return { taken, sound: true, complete: false };
      const first = answer.entries[0];
      // Checked before it is kept: the journal's chain must go on exactly where the page's ends.
      if (first === undefined || first.writerId !== head.writerId || verifyChain(answer.entries, end) !== null) {
        return { taken, sound: false, complete: true };
      }
      taken += await ledger.take(answer.entries, deps.isReferral);
      deps.onTaken(answer.entries);
    }
    return { taken, sound: true, complete: true };
  }

  async function agrees(head: End): Promise<boolean> {
    const [here] = await ledger.read(head.writerId, head.seq, 1);
    return here?.seq === head.seq && here.hash === head.hash;
  }

  return {
    offer(envelope, open) {
      if (link.state() !== 'online') {
        return { journaled: Promise.resolve(false), pulse: Promise.resolve(open === null ? null : 'no-bridge') };
      }
      const { entryId, writerId, seq } = envelope;
      if (hot.size < limits.hotEntries) hot.set(entryId, { envelope, notAfterMs: open?.notAfterMs ?? null });
      const journaled = new Promise<boolean>((done) => {
        copies.set(entryId, (copied) => {
          copies.delete(entryId);
          done(copied);
        });
      });
      const pulse = new Promise<PulseOutcome | null>((done) => {
        if (open === null) return done(null);
        const cancel = clocks.after(open.notAfterMs - clocks.monoMs() + limits.pulseGraceMs, () => answer('late'));
        const answer = (outcome: PulseOutcome): void => {
          cancel();
          pulses.delete(entryId);
          done(outcome);
        };
        pulses.set(entryId, answer);
      });
      const lane = lanes.get(writerId);
      if (lane !== undefined) pump(writerId, lane);
      else if (seq === 1) openLane(writerId, 0);
      return { journaled, pulse };
    },
    async onHello(journal) {
      const mine = ++generation;
      const result: Compared = { taken: 0, contradicting: [], complete: true };
      const heads = new Map(journal.map((head) => [head.writerId, head]));
      for (const writerId of [...ledger.ends().keys()].reverse()) {
        const head = heads.get(writerId);
        const end = ledger.ends().get(writerId);
        if (head !== undefined && end !== undefined && head.seq > end.seq) continue;
        const sound = head === undefined || head.seq === 0 || (await agrees(head));
        if (mine !== generation) return { ...result, complete: false };
        if (!sound) result.contradicting.push(writerId);
        else if (!lanes.has(writerId)) openLane(writerId, head?.seq ?? 0);
      }
      // Newest writer first: its entries are the likeliest to be waited for.
      for (const head of [...journal].reverse()) {
        if ((ledger.ends().get(head.writerId)?.seq ?? 0) >= head.seq) continue;
        const back = await takeBack(head, mine);
        result.taken += back.taken;
        if (!back.sound) result.contradicting.push(head.writerId);
        if (mine !== generation || !back.complete) return { ...result, complete: false };
        if (back.sound && !lanes.has(head.writerId)) openLane(head.writerId, head.seq);
      }
      return result;
    },
    onJournaled(entryId) {
      const found = laneOf(entryId);
      if (found !== null) {
        const [writerId, lane] = found;
        lane.acked = Math.max(lane.acked, lane.inFlight.get(entryId) ?? 0);
        lane.inFlight.delete(entryId);
        lane.attempt = 0;
        pump(writerId, lane);
      }
      copies.get(entryId)?.(true);
    },
    onNotJournaled(entryId) {
      const found = laneOf(entryId);
      if (found !== null) pause(...found);
      copies.get(entryId)?.(false);
      pulses.get(entryId)?.('refused');
    },
    onPulse: (entryId, outcome) => pulses.get(entryId)?.(outcome),
    onLost() {
      generation++;
      lanes.clear();
      settleAll();
    },
  };
}
