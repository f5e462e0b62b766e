// Two copies of every entry: the same bytes in the same order in both, whatever goes away in between.
import { beforeEach, describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/domain/chain.ts';
import type { Envelope } from '../../src/domain/entry.ts';
import { type Compared, createJournalSync, type JournalSync } from '../../src/gate/journal-sync.ts';
import { createRecorder, type Recorder } from '../../src/gate/recorder.ts';
import { createDeviceLink, type DeviceLink } from '../../src/sync/device-link.ts';
import { type FakeBridge, fakeBridge } from '../kit/fake-bridge.ts';
import { type FakeClocks, fakeClocks } from '../kit/fake-clocks.ts';
import { chainOf, checkBody, writerA, writerB } from '../kit/some-entries.ts';

/** The page's ledger in memory, with a disk that can fail or hang. */
function fakeLedger() {
  const entries = new Map<string, Envelope[]>();
  const ledger = {
    disk: 'well' as 'well' | 'fails' | 'hangs',
    entries,
    ends: () =>
      new Map(
        [...entries].flatMap(([id, all]) => (all.at(-1) === undefined ? [] : [[id, all.at(-1)] as [string, Envelope]])),
      ),
    read: async (writerId: string, fromSeq: number, limit: number) =>
      (entries.get(writerId) ?? []).slice(fromSeq - 1, fromSeq - 1 + limit),
    async take(taken: readonly Envelope[]) {
      for (const one of taken) entries.set(one.writerId, [...(entries.get(one.writerId) ?? []), one]);
      return taken.length;
    },
    save(entry: Envelope): Promise<void> {
      entries.set(entry.writerId, [...(entries.get(entry.writerId) ?? []), entry]);
      if (ledger.disk === 'fails') return Promise.reject(new Error('disk'));
      return ledger.disk === 'hangs' ? new Promise(() => {}) : Promise.resolve();
    },
  };
  return ledger;
}

describe('recorder and journal', () => {
  let clocks: FakeClocks;
  let bridge: FakeBridge;
  let ledger: ReturnType<typeof fakeLedger>;
  let link: DeviceLink;
  let journal: JournalSync;
  let recorder: Recorder;
  let compared: Compared[];
  let faults: unknown[];
  let randoms: number;
  beforeEach(() => {
    clocks = fakeClocks();
    bridge = fakeBridge(clocks);
    ledger = fakeLedger();
    compared = [];
    faults = [];
    randoms = 0;
  });

  function start(last: string | null = null): void {
    link = createDeviceLink({
      connect: bridge.connect,
      clocks,
      random: () => 0.5,
      writer: () => recorder.end(),
      onState: (state) => {
        if (state !== 'online') journal.onLost();
      },
      onHello: (hello) => {
        journal.onHello(hello.journal).then((result) => {
          compared.push(result);
          const end = last === null ? undefined : ledger.ends().get(last);
          if (end !== undefined && result.complete && !result.contradicting.includes(end.writerId)) recorder.trust(end);
        });
      },
      onSignal: () => {},
      onWord: (word) => {
        if (word.type === 'journaled') journal.onJournaled(word.entryId);
        if (word.type === 'not-journaled') journal.onNotJournaled(word.entryId);
        if (word.type === 'pulse') journal.onPulse(word.entryId, word.outcome);
      },
      onSigned: () => {},
    });
    journal = createJournalSync({
      ledger,
      link,
      clocks,
      isReferral: () => false,
      onTaken: () => {},
      onFault: (error) => faults.push(error),
    });
    recorder = createRecorder({
      save: (entry) => ledger.save(entry),
      offer: journal.offer,
      clocks,
      last: (last === null ? undefined : ledger.ends().get(last)) ?? null,
      randomBytes: (count) => new Uint8Array(count).fill(++randoms),
      head: () => ({ station: 'st-0123456789ab', hubOffsetMs: null, onDuty: null }),
    });
  }
  const write = (open: { notAfterMs: number } | null = null) =>
    recorder.write(checkBody(), () => ({ referral: false }), open);
  const inJournal = () => bridge.journal.get(recorder.end()?.writerId ?? '') ?? [];
  const inLedger = () => ledger.entries.get(recorder.end()?.writerId ?? '') ?? [];

  it('an entry is saved when both copies are durable, and the pulse comes through the bridge alone', async () => {
    start();
    await clocks.pass(100);
    const written = write({ notAfterMs: clocks.monoMs() + 1_000 });
    await clocks.pass(10);
    expect(await written.first).toBe('page-only');
    expect(await written.final).toBe('saved');
    expect(await written.pulse).toBe('sent');
    const asked = bridge.heard.findLast((one) => one.type === 'append');
    expect(asked?.type === 'append' && asked.open?.notAfterMs).toBeGreaterThan(50_000);
    expect(inJournal()).toEqual(inLedger());
    expect(verifyChain(inJournal())).toBeNull();
  });

  it('with the bridge away: kept on the page, no pulse, journalled in order when it is back, pulsed never', async () => {
    start();
    await clocks.pass(100);
    write();
    await clocks.pass(100);
    bridge.up = false;
    bridge.closeWith(1006);
    const written = [1, 2, 3].map(() => write({ notAfterMs: clocks.monoMs() + 1_000 }));
    await clocks.pass(10);
    for (const one of written) {
      expect(await one.final).toBe('page-only');
      expect(await one.pulse).toBe('no-bridge');
    }
    bridge.up = true;
    await clocks.pass(10_000);
    expect(inJournal()).toEqual(inLedger());
    expect(bridge.heard.filter((one) => one.type === 'append' && one.open !== null)).toEqual([]);
  });

  it('an answer that was lost costs nothing: the journal holds the entry once', async () => {
    start();
    await clocks.pass(100);
    bridge.slow = true;
    const written = write({ notAfterMs: clocks.monoMs() + 1_000 });
    await clocks.pass(10);
    bridge.closeWith(1006);
    await clocks.pass(10);
    expect(await written.final).toBe('page-only');
    bridge.slow = false;
    await clocks.pass(5_000);
    write();
    await clocks.pass(100);
    expect(inJournal()).toEqual(inLedger());
  });

  it('a journal that refuses is offered the same entry again before any later one', async () => {
    start();
    await clocks.pass(100);
    write();
    await clocks.pass(10);
    bridge.full = true;
    const refused = write();
    await clocks.pass(10);
    expect(await refused.final).toBe('page-only');
    write();
    write();
    bridge.full = false;
    await clocks.pass(20_000);
    expect(inJournal().map((one) => one.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(inJournal()).toEqual(inLedger());
  });

  it("with the page's disk failing the journal alone keeps it", async () => {
    start();
    await clocks.pass(100);
    ledger.disk = 'fails';
    const written = write();
    await clocks.pass(10);
    expect(await written.first).toBe('journal-only');
    expect(await written.final).toBe('journal-only');
  });

  it('none within 5 s is none, said once and with no pulse', async () => {
    start();
    await clocks.pass(100);
    ledger.disk = 'hangs';
    bridge.up = false;
    bridge.closeWith(1006);
    const written = write({ notAfterMs: clocks.monoMs() + 1_000 });
    await clocks.pass(4_999);
    let said: string | null = null;
    void written.first.then((state) => {
      said = state;
    });
    await clocks.pass(0);
    expect(said).toBeNull();
    await clocks.pass(2);
    expect(await written.first).toBe('none');
    expect(await written.final).toBe('none');
    expect(await written.pulse).toBe('no-bridge');
  });

  it('both failing at once is said at once', async () => {
    start();
    await clocks.pass(100);
    ledger.disk = 'fails';
    bridge.up = false;
    bridge.closeWith(1006);
    const written = write();
    await clocks.pass(1);
    expect(await written.first).toBe('none');
  });

  it('a page that cannot compare begins a writer of its own, and says what stood before', async () => {
    const old = chainOf(writerA, 3);
    ledger.entries.set(writerA, old);
    bridge.up = false;
    start(writerA);
    await clocks.pass(100);
    write();
    const fresh = recorder.end()?.writerId;
    expect(fresh).not.toBe(writerA);
    const [first] = ledger.entries.get(fresh ?? '') ?? [];
    expect(JSON.parse(first?.bytes ?? '{}')).toMatchObject({
      kind: 'writer-start',
      cause: 'not-comparable',
      before: writerA,
    });
    bridge.up = true;
    await clocks.pass(10_000);
    expect(bridge.journal.get(writerA)).toEqual(old);
    expect(inJournal()).toEqual(inLedger());
  });

  it('a page that agrees with the journal goes on with its writer', async () => {
    const old = chainOf(writerA, 3);
    ledger.entries.set(writerA, old);
    bridge.journal.set(writerA, old);
    start(writerA);
    await clocks.pass(100);
    write();
    await clocks.pass(100);
    expect(bridge.journal.get(writerA)?.map((one) => one.seq)).toEqual([1, 2, 3, 4]);
    expect(verifyChain(bridge.journal.get(writerA) ?? [])).toBeNull();
  });

  it('a page behind the journal takes the rest back and goes on behind it', async () => {
    const all = chainOf(writerA, 250);
    ledger.entries.set(writerA, all.slice(0, 5));
    bridge.journal.set(writerA, all);
    bridge.journal.set(writerB, chainOf(writerB, 3));
    start(writerA);
    await clocks.pass(1_000);
    expect(compared).toEqual([{ taken: 248, contradicting: [], complete: true }]);
    write();
    await clocks.pass(100);
    expect(bridge.journal.get(writerA)?.at(-1)?.seq).toBe(251);
    expect(ledger.entries.get(writerA)).toEqual(bridge.journal.get(writerA));
    expect(ledger.entries.get(writerB)).toHaveLength(3);
  });

  it('a journal that contradicts the page is told, kept apart, and its writer is not used again', async () => {
    ledger.entries.set(writerA, chainOf(writerA, 3));
    bridge.journal.set(writerA, chainOf(writerA, 3, [2]));
    start(writerA);
    await clocks.pass(1_000);
    expect(compared[0]?.contradicting).toEqual([writerA]);
    write();
    await clocks.pass(100);
    expect(recorder.end()?.writerId).not.toBe(writerA);
    expect(inJournal()).toEqual(inLedger());
  });

  it('1,000 entries with the line flapping lie in the journal once each, in order', async () => {
    start();
    await clocks.pass(100);
    for (let i = 0; i < 1_000; i++) {
      write(i % 3 === 0 ? { notAfterMs: clocks.monoMs() + 1_000 } : null);
      if (i % 37 === 0) bridge.closeWith(1006);
      if (i % 50 === 0) await clocks.pass(300);
    }
    await clocks.pass(60_000);
    expect(inJournal()).toHaveLength(1_001);
    expect(inJournal()).toEqual(inLedger());
    expect(faults).toEqual([]);
  });
});
