// A station holds its hub to the log it has seen: another key, a rewritten or shrunken history and a forged signature are told
// and kept, also after a restart; nothing of it ever replaces the last good head.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHeadsKeeper, type HeadsKeeper, limits } from '../../device/heads-keeper.ts';
import type { LogFields } from '../../device/log.ts';
import { consistencyProof, leafHash, merkleRoot } from '../../src/domain/merkle.ts';
import { hexOf } from '../../src/domain/sha256.ts';
import { checkpointText, keyIdOf, noteOf, verifierKey } from '../../src/domain/signed-note.ts';
import { until } from '../kit/programs.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

const origin = 'mengang/hub/log1';
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const leaf = (text: string) => leafHash(Buffer.from(text), sha256);
const seven = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(leaf);

let dir: string;
let clock: ManualClock;
let asked: string[];
let told: LogFields[];
let answer: () => { status: number; body: unknown };
let keepers: HeadsKeeper[];
let key: KeyObject;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mengang-heads-'));
  clock = createManualClock();
  [asked, told, keepers] = [[], [], []];
  key = generateKeyPairSync('ed25519').privateKey;
});
afterEach(async () => {
  for (const keeper of keepers) keeper.stop();
  await rm(dir, { recursive: true });
});

/** What a hub answers whose log has these leaves, to a station that has seen `size` of them. */
function headOver(leaves: readonly Uint8Array[], size: number, by = key, spoil = (note: string) => note) {
  const { x } = by.export({ format: 'jwk' });
  const publicKey = Uint8Array.from(Buffer.from(String(x), 'base64url'));
  const text = checkpointText({ origin, size: leaves.length, root: merkleRoot(leaves, sha256), extra: ['made 1'] });
  const note = spoil(
    noteOf(text, { name: origin, id: keyIdOf(origin, publicKey), publicKey }, sign(null, Buffer.from(text), by)),
  );
  const proof = size > 0 && size <= leaves.length ? consistencyProof(size, leaves, sha256).map(hexOf) : null;
  return {
    status: 200,
    body: { contract: 1, head: { log: 'log1', vkey: verifierKey(origin, publicKey), note, madeMs: 1 }, proof },
  };
}

/** Begins as after a start of the bridge and waits for its first round. */
async function round(): Promise<void> {
  for (const keeper of keepers.splice(0)) keeper.stop();
  const before = asked.length;
  const keeper = await createHeadsKeeper({
    stateDir: dir,
    hub: {
      askWhole: async ({ path }) => {
        asked.push(path);
        const { status, body } = answer();
        return { status, body: Buffer.from(JSON.stringify(body)), retryAfterMs: null };
      },
    },
    clock,
    wallMs: () => 1_600_000_000_000,
    random: () => 0.5,
    log: { info: () => undefined, warn: (fields) => told.push(fields), error: (fields) => told.push(fields) },
  });
  keepers.push(keeper);
  const armed = clock.armed();
  keeper.start();
  await until('the round ended', () => asked.length > before && clock.armed() > armed);
}
const seen = async (): Promise<{ trouble: string | null }[]> =>
  (await readFile(join(dir, 'heads.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const kept = async () => JSON.parse(await readFile(join(dir, 'last-head.json'), 'utf8'));

test('good heads are kept in their order, and each is asked for with the proof of what was seen before', async () => {
  answer = () => headOver(seven.slice(0, 3), 0);
  await round();
  answer = () => headOver(seven, 3);
  await round();
  expect(asked).toEqual(['/hub/heads', '/hub/heads?log=log1&size=3']);
  expect((await seen()).map(({ trouble }) => trouble)).toEqual([null, null]);
  expect(await kept()).toMatchObject({ log: 'log1', size: 7, root: hexOf(merkleRoot(seven, sha256)) });
  expect((await stat(join(dir, 'heads.jsonl'))).mode & 0o777).toBe(0o600);
  expect(told).toEqual([]);
  await round();
  expect(await seen()).toHaveLength(2);
});

const rewritten = [...seven.slice(0, 1), leaf('x'), ...seven.slice(2)];
test.each<[string, string, () => ReturnType<typeof headOver>]>([
  ['the key of another', 'key', () => headOver(seven, 3, generateKeyPairSync('ed25519').privateKey)],
  ['a rewritten history', 'history', () => headOver(rewritten, 3)],
  ['a shrunken tree', 'history', () => headOver(seven.slice(0, 2), 3)],
  ['a tree of the same size with another root', 'history', () => headOver(rewritten.slice(0, 3), 3)],
  [
    'a signature that does not hold',
    'signature',
    () => headOver(seven, 3, key, (note) => note.replace('\n7\n', '\n8\n')),
  ],
])('%s is told, kept for the auditor, and never pinned, also after a restart', async (_what, reason, make) => {
  answer = () => headOver(seven.slice(0, 3), 0);
  await round();
  const good = await kept();
  answer = make;
  await round();
  await round();
  expect(told).toEqual([
    { event: 'head-contradicts', reason },
    { event: 'head-contradicts', reason },
  ]);
  expect((await seen()).map(({ trouble }) => trouble)).toEqual([null, reason, reason]);
  expect(await kept()).toEqual(good);
  answer = () => headOver(seven, 3);
  await round();
  expect((await seen()).at(-1)?.trouble).toBeNull();
});

test('a hub that is away, refuses or talks something else is asked again, each time later, and nothing is kept', async () => {
  for (const bad of [
    { status: 503, body: {} },
    { status: 403, body: {} },
    { status: 200, body: { hello: 'portal' } },
  ]) {
    told = [];
    answer = () => bad;
    await round();
    await clock.advance(limits.retry.maxMs);
    await until('asked again', () => asked.length > 1);
    expect(told.map(({ event }) => event)).toEqual(['heads-not-fetched']);
    asked = [];
  }
  await expect(readFile(join(dir, 'heads.jsonl'))).rejects.toThrow('ENOENT');
});
