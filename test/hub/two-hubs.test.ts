// Two hub processes on one PostgreSQL: an alert stored by one reaches a board on the other, and either may be killed without a
// lost or doubled alert.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPool, type Pool } from '../../hub/database.ts';
import { startEmbedded } from '../../hub/embedded.ts';
import { addStation, putStaff } from '../../hub/staff.ts';
import { feverBody, readFeed, TestWriter } from '../kit/hub.ts';
import { type HubProgram, hubProgram } from '../kit/hub-program.ts';
import { freePort } from '../kit/programs.ts';

/** The acceptance list's bound; the poll between processes is 250 ms. */
const bounds = { acrossMs: 500 } as const;

const folder = mkdtempSync(join(tmpdir(), 'mengang-two-'));
const program = hubProgram();
let server: Awaited<ReturnType<typeof startEmbedded>>;
let pool: Pool;
let station: { stationId: string; token: string };
let cookie: string;
type Running = Awaited<ReturnType<HubProgram['start']>>;
let one: Running;
let two: Running;

const start = async () => program.start({ DATABASE_URL: server.url, HUB_PORT: String(await freePort()) });

beforeAll(async () => {
  server = await startEmbedded(folder);
  one = await start();
  two = await start();
  pool = openPool(server.url, pino({ level: 'silent' }));
  station = await addStation(pool, { name: 'gate', campus: 'beijing', code: null }, Date.now());
  const password = randomBytes(12).toString('hex');
  await putStaff(pool, { name: 'nurse', role: 'nurse', password, once: false, pin: null }, Date.now());
  const answer = await fetch(`${one.url}hub/session`, {
    method: 'POST',
    headers: { origin: one.url.slice(0, -1) },
    body: JSON.stringify({ name: 'nurse', password }),
  });
  cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}, 120_000);
afterAll(async () => {
  for (const running of [one, two]) running?.child.kill('SIGKILL');
  await pool?.end();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function send(url: string, w: TestWriter, entries: unknown[]): Promise<boolean> {
  const body = JSON.stringify({ contract: 1, writerId: w.writerId, receiptedSeq: 0, epoch: null, entries });
  const headers = { authorization: `Bearer ${station.token}` };
  return fetch(`${url}hub/entries`, { method: 'POST', headers, body }).then(
    (answer) => answer.status === 200,
    () => false, // killed under the request
  );
}
const isAlert = (topic: string) => topic === 'referral';

test('an alert stored by one hub reaches a board on the other within 500 ms', async () => {
  const took: number[] = [];
  for (let round = 0; round < 5; round++) {
    const w = new TestWriter(station.stationId);
    let storedAt = Number.NaN;
    await readFeed(
      two.url,
      { cookie },
      (events) => events.some(({ event }) => isAlert(event.topic)),
      async () => {
        expect(await send(one.url, w, [w.write(feverBody(null))])).toBe(true);
        storedAt = performance.now();
      },
    );
    took.push(performance.now() - storedAt);
  }
  console.log(`across hubs: ${took.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  expect([...took].sort((a, b) => a - b)[2]).toBeLessThan(bounds.acrossMs);
});

test('either hub is killed in mid-upload: no alert is lost, none rings twice', { timeout: 120_000 }, async () => {
  for (let round = 0; round < 4; round++) {
    const beat = await readFeed(two.url, { cookie, beats: true }, (events) => events.length > 0);
    const cursor = beat[0]?.cursor ?? '';
    const writers = Array.from({ length: 6 }, () => new TestWriter(station.stationId));
    const fevers = new Map(writers.map((w) => [w, w.write(feverBody(null))]));
    const caseIds = [...fevers.values()].map(({ entryId }) => entryId);
    const [dying, living] = round % 2 === 0 ? [one, two] : [two, one];
    const sent = writers.map((w) => send(dying.url, w, [fevers.get(w)]));
    await new Promise((later) => setTimeout(later, 4 * round + 2));
    dying.child.kill('SIGKILL');
    await dying.ended;
    await Promise.all(sent);
    // What was not answered is sent again, to the other; so is what was, as after a lost answer.
    for (const w of writers) expect(await send(living.url, w, [fevers.get(w)])).toBe(true);
    const events = await readFeed(living.url, { cookie, cursor }, (heard) => {
      const rung = heard.flatMap(({ event }) => (event.topic === 'referral' && event.rings ? [event.caseId] : []));
      return caseIds.every((caseId) => rung.includes(caseId));
    });
    const rings = events.flatMap(({ event }) => (event.topic === 'referral' && event.rings ? [event.caseId] : []));
    expect(rings.filter((caseId) => caseIds.includes(caseId)).sort()).toEqual([...caseIds].sort());
    const rows = await pool.query<{ n: number }>(
      'select count(*) as n from referrals where case_id = any($1::uuid[])',
      [caseIds],
    );
    expect(rows.rows[0]?.n).toBe(caseIds.length);
    if (dying === one) one = await start();
    else two = await start();
  }
});
