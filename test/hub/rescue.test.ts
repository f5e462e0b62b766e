// A rescue carried by hand: what the hub lacks comes in once, by the rules of an upload, whoever comes later.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBatchSigner } from '../../device/batch-signer.ts';
import { keepHoldings } from '../../device/holdings.ts';
import { openJournal } from '../../device/journal.ts';
import { lockFolder } from '../../device/journal-lock.ts';
import { rescue } from '../../device/rescue.ts';
import { stationKey } from '../../device/station-key.ts';
import { importRescue } from '../../hub/rescue-import.ts';
import type { Envelope } from '../../src/domain/entry.ts';
import { feverBody, startTestHub, type TestHub, type TestStation, TestWriter } from '../kit/hub.ts';

let t: TestHub;
let folder: string;
let deps: Parameters<typeof importRescue>[0];
beforeAll(async () => {
  t = await startTestHub();
  folder = await mkdtemp(join(tmpdir(), 'mengang-rescue-'));
  deps = { pool: t.hub.pool, ledger: t.hub.ledger, clock: t.clock, log: pino({ level: 'silent' }) };
});
afterAll(async () => {
  await t?.stop();
  await rm(folder, { recursive: true, force: true });
});

const configOf = (station: TestStation, stateDir: string) => ({
  stateDir,
  stationId: station.id,
  station: { name: 'North gate', campus: 'beijing', code: 'G01', direction: 'in' as const, clinicPhone: '' },
});
const options = { whole: false, wallMs: Date.now };

/** A state folder whose journal holds these entries; with a key, when wanted. */
async function stateWith(name: string, entries: readonly Envelope[], signed: boolean): Promise<string> {
  const stateDir = join(folder, name);
  const journal = await openJournal({ dir: join(stateDir, 'journal'), wallMs: Date.now, report: () => {} });
  for (const entry of entries) expect(await journal.append(entry)).toBe('stored');
  await journal.close();
  if (signed) await stationKey(stateDir);
  return stateDir;
}
const rowsOf = async (writerId: string) =>
  (
    await t.hub.pool.query<{ seq: number; station_id: string }>(
      'select seq, station_id from entries where writer_id = $1 order by seq',
      [writerId],
    )
  ).rows;

test('50 unsent entries are rescued, come in once however often, and are duplicates when the station itself comes back', async () => {
  const station = await t.addStation();
  const page = new TestWriter(station.id);
  const bridge = new TestWriter(station.id);
  const receipted = page.admissions(30);
  await t.upload(station, page, receipted);
  const unsent = [...page.admissions(29), page.write(feverBody(null))];
  const own = bridge.admissions(20);
  const stateDir = await stateWith('first', [...receipted, ...unsent, ...own], false);
  const holdings = await t.call('hub/station/holdings', { token: station.token });
  expect(holdings.body).toMatchObject({ writers: [{ writerId: page.writerId, watermark: 30, sealed: null }] });
  await keepHoldings(stateDir, holdings.body as Parameters<typeof keepHoldings>[1]);
  const path = join(folder, 'first.rescue');

  const done = await rescue(configOf(station, stateDir), path, options);
  expect(done.ok).toBe(true);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await importRescue(deps, path)).toMatchObject({
    ok: true,
    done: { entries: 50, stored: 50, duplicate: 0, unsigned: 50, station: station.id },
  });
  expect(await importRescue(deps, path)).toMatchObject({ ok: true, done: { entries: 50, stored: 0, duplicate: 50 } });
  for (const [writer, length] of [[page, 60] as const, [bridge, 20] as const]) {
    expect(await rowsOf(writer.writerId)).toEqual(
      Array.from({ length }, (_, at) => ({ seq: at + 1, station_id: station.id })),
    );
  }
  expect((await t.hub.pool.query('select 1 from referrals where station_id = $1', [station.id])).rowCount).toBe(1);
  const marked = await t.hub.pool.query('select entries, unsigned from rescues where station_id = $1', [station.id]);
  expect(marked.rows).toEqual([{ entries: 50, unsigned: 50 }]);

  const back = [await t.upload(station, page, unsent), await t.upload(station, bridge, own)];
  expect(back.flatMap(({ results }) => results.map(({ status }) => status))).toEqual(Array(50).fill('duplicate'));
});

test('the signatures of a rescue stand beside its entries; one of another key stands nowhere and is told', async () => {
  const station = await t.addStation();
  const w = new TestWriter(station.id);
  const first = w.admissions(1);
  const stateDir = await stateWith('signed', first, true);
  // The station's first signed upload puts its key on record.
  const key = await stationKey(stateDir);
  const journal = await openJournal({ dir: join(stateDir, 'journal'), wallMs: Date.now, report: () => {} });
  const body = { contract: 1, writerId: w.writerId, receiptedSeq: 0, epoch: null, entries: first };
  const signing = await createBatchSigner({ key, stationId: station.id, journal }).sign(
    Buffer.from(JSON.stringify(body)),
  );
  if (signing.kind !== 'signed') throw new Error(signing.kind);
  expect((await t.call('hub/entries', { token: station.token, body, headers: signing.headers })).status).toBe(200);
  for (const entry of w.admissions(9)) await journal.append(entry);
  await journal.close();
  const path = join(folder, 'signed.rescue');
  await rescue(configOf(station, stateDir), path, { ...options, whole: true });
  expect(await importRescue(deps, path)).toMatchObject({ done: { stored: 9, duplicate: 1, unsigned: 0 } });
  const kept = await t.hub.pool.query('select seq, holding from batch_signatures where writer_id = $1 order by seq', [
    w.writerId,
  ]);
  expect(kept.rows).toEqual([
    { seq: 1, holding: 'held' },
    { seq: 10, holding: 'held' },
  ]);
  const strange = await stateWith('strange', first, true);
  await rescue(configOf(station, strange), join(folder, 'strange.rescue'), { ...options, whole: true });
  expect(await importRescue(deps, join(folder, 'strange.rescue'))).toMatchObject({
    done: { duplicate: 1, unsigned: 1 },
  });
});

test('a running bridge, a damaged file and a strange station are told, and nothing comes in', async () => {
  const station = await t.addStation();
  const w = new TestWriter(station.id);
  const stateDir = await stateWith('refused', w.admissions(3), false);
  const path = join(folder, 'refused.rescue');
  const release = await lockFolder(stateDir);
  const running = await rescue(configOf(station, stateDir), path, options);
  expect(running.ok).toBe(false);
  expect(running.sentences[0]?.en).toContain('is running');
  await release();
  await rescue(configOf(station, stateDir), path, options);
  const text = readFileSync(path, 'utf8');
  const bad = join(folder, 'bad.rescue');
  for (const wrong of [
    text.replace('"kind":"entry"', '"kind":"entry" '),
    text.split('\n').slice(0, -2).join('\n'),
    text.split('\n').toSpliced(2, 1).join('\n'),
    'nothing',
  ]) {
    writeFileSync(bad, wrong);
    expect(await importRescue(deps, bad)).toMatchObject({ ok: false, refusal: { why: 'unreadable' } });
  }
  expect(await importRescue(deps, join(folder, 'nowhere'))).toMatchObject({ ok: false, refusal: { why: 'missing' } });
  const elsewhere = { ...station, id: 'st-000000000000' };
  await rescue(configOf(elsewhere, stateDir), bad, options);
  expect(await importRescue(deps, bad)).toMatchObject({ ok: false, refusal: { why: 'station-unknown' } });
  expect(await rowsOf(w.writerId)).toEqual([]);
});
