// The gate without its hub, without its store, and with a clock that jumps: worked cases 13 to 15 and the acceptance rows
// about lost networks and lost databases.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type Campus, cardOf, createCampus, objectOf, waitForRoster, waitForScreen } from '../kit/campus.ts';
import type { Browser } from '../kit/chromium.ts';
import { until } from '../kit/programs.ts';

let campus: Campus;
afterEach(() => campus?.close());

type Check = { verdict: string; personId: string | null };
const checks = async (where: Campus) => {
  const rows = await where.query<{ writer_id: string; seq: string; bytes: string }>(
    "select writer_id, seq, bytes from entries where kind = 'check' order by writer_id, seq",
  );
  return rows.map((row) => ({ writer: row.writer_id, seq: Number(row.seq), ...(JSON.parse(row.bytes) as Check) }));
};
const waiting = async (gate: Browser) => Number(await gate.page.locator('[data-testid="queue"]').innerText());
const hubState = (gate: Browser) => gate.page.locator('[data-testid="hub"]').getAttribute('data-state');

/** People 1..count pass one after the other; each is admitted before the next taps. */
async function letPass(where: Campus, gate: Browser, from: number, count: number) {
  where.rig.look(objectOf(3650));
  for (let n = from; n < from + count; n++) {
    where.rig.barrier.forget();
    where.rig.tap(cardOf(n).uid);
    await until(`passage ${n}`, () => where.rig.barrier.receivedHex().includes('a00101a2'));
  }
  await waitForScreen(gate, 'admit');
}

it('case 13: a referral while the network is down is stored, keeps the barrier shut, shows the telephone, and is sent with its age', async () => {
  campus = await createCampus();
  const gate = await campus.openGate();
  await waitForRoster(gate);
  await campus.hub.stop();
  await until('the gate knows', async () => (await hubState(gate)) === 'away');
  campus.rig.barrier.forget();
  campus.rig.look(objectOf(3840));
  campus.rig.tap(cardOf(5).uid);
  await waitForScreen(gate, 'refer');
  expect(await gate.page.locator('main').innerText()).toContain('8120');
  expect(await gate.page.locator('main').innerText()).toContain('未送达');
  expect(campus.rig.barrier.receivedHex()).not.toContain('a00101');
  await campus.startHub();
  const cases = await until(
    'the case at the hub',
    async () => {
      const rows = await campus.query<{ bytes: string }>(
        "select bytes from entries where case_id is not null or kind = 'check'",
      );
      return rows.length > 0 ? rows : null;
    },
    60_000,
  );
  expect(JSON.parse(cases[0]?.bytes ?? '')).toMatchObject({ verdict: 'refer', reason: 'urgent', raisesCase: true });
  await until(
    'the gate says that the clinic has it',
    async () =>
      (await gate.page.locator('[data-testid="case-state"]').getAttribute('data-state')) === 'raised' &&
      !(await gate.page.locator('main').innerText()).includes('未送达'),
  );
});

it('case 14: an entry replayed by a second upload is one row, rings nothing, opens nothing', async () => {
  campus = await createCampus();
  const gate = await campus.openGate();
  await waitForRoster(gate);
  campus.rig.look(objectOf(3790));
  campus.rig.tap(cardOf(6).uid);
  await waitForScreen(gate, 'refer');
  await until('the row', async () => (await checks(campus)).length === 1);
  await until('the queue is empty', async () => (await waiting(gate)) === 0);
  const feedBefore = (await campus.query<{ n: string }>('select count(*) n from feed'))[0]?.n;
  const stored = await campus.query<{ entry_id: string; writer_id: string; seq: string; hash: string; bytes: string }>(
    "select entry_id, writer_id, seq, hash, bytes from entries where kind = 'check'",
  );
  const row = stored[0];
  if (!row) throw new Error('no row');
  campus.rig.barrier.forget();
  // The page's own way out: same origin, same cookie, the bridge adds the station's token.
  const answer = await gate.page.evaluate(
    async (entry) => {
      const response = await fetch('/hub/entries', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ contract: 1, writerId: entry.writerId, receiptedSeq: 0, epoch: null, entries: [entry] }),
      });
      return response.json();
    },
    { entryId: row.entry_id, writerId: row.writer_id, seq: Number(row.seq), hash: row.hash, bytes: row.bytes },
  );
  expect(answer.results[0].status).toBe('duplicate');
  expect(await checks(campus)).toHaveLength(1);
  expect((await campus.query<{ n: string }>('select count(*) n from feed'))[0]?.n).toBe(feedBefore);
  expect(campus.rig.barrier.receivedHex()).not.toContain('a00101');
});

it('case 15: when the clock of the kiosk jumps back one hour, seq still rises, the jump is an entry, the hub orders by sequence', async () => {
  campus = await createCampus();
  const gate = await campus.openGate();
  await waitForRoster(gate);
  await letPass(campus, gate, 1, 1);
  await gate.page.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() - 3_600_000;
  });
  await letPass(campus, gate, 2, 1);
  const rows = await until('both rows', async () => {
    const found = await checks(campus);
    return found.length === 2 ? found : null;
  });
  expect(rows.map((row) => row.personId)).toEqual(['T00001', 'T00002']);
  const jumps = await until('the jump', async () => {
    const found = await campus.query<{ seq: string; bytes: string }>(
      "select seq, bytes from entries where kind = 'clock-jump'",
    );
    return found.length > 0 ? found : null;
  });
  const jump = JSON.parse(jumps[0]?.bytes ?? '').jumpMs;
  expect(Math.round(jump / 60_000)).toBe(-60);
});

/** `npm run test:long` takes the whole five hundred. */
const withoutHub = process.env.LONG === undefined ? 60 : 500;

it(`${withoutHub} passages without the hub reach it afterwards: each once, in order, and the count returns to 0`, async () => {
  campus = await createCampus({ people: withoutHub + 10, hz: 100, tapFrames: 1 });
  const gate = await campus.openGate();
  await waitForRoster(gate);
  await campus.hub.stop();
  await letPass(campus, gate, 1, withoutHub);
  await until('all wait', async () => (await waiting(gate)) >= withoutHub);
  await campus.startHub();
  await until('the queue is empty', async () => (await waiting(gate)) === 0, 120_000);
  const rows = await checks(campus);
  expect(rows).toHaveLength(withoutHub);
  expect(new Set(rows.map((row) => row.writer)).size).toBe(1);
  expect(rows.map((row) => row.personId)).toEqual(
    Array.from({ length: withoutHub }, (_, index) => `T${String(index + 1).padStart(5, '0')}`),
  );
  expect(rows.every((row) => row.verdict === 'admit')).toBe(true);
});

it('the IndexedDB folder deleted between two starts: unsent entries come back from the journal and reach the hub once', async () => {
  campus = await createCampus({ hz: 50, tapFrames: 1 });
  let gate = await campus.openGate();
  await waitForRoster(gate);
  await campus.hub.stop();
  await letPass(campus, gate, 1, 10);
  await until('all wait', async () => (await waiting(gate)) >= 10);
  await gate.close();
  rmSync(join(campus.folder, 'gate-profile', 'Default', 'IndexedDB'), { recursive: true });
  gate = await campus.openGate();
  await until('taken back', async () => (await waiting(gate)) >= 10);
  await campus.startHub();
  await until('the queue is empty', async () => (await waiting(gate)) === 0, 60_000);
  const rows = await checks(campus);
  expect(rows.map((row) => row.personId)).toEqual(
    Array.from({ length: 10 }, (_, index) => `T${String(index + 1).padStart(5, '0')}`),
  );
});
