import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleCampus } from '../../device/simulator/demo-seed.ts';
import type { Seed } from '../../device/simulator/hub-child.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mengang-seed-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function rig() {
  let seeded = 0;
  const known = new Set<string>();
  const hub = {
    url: 'http://hub',
    onDied: () => {},
    seed: async (): Promise<Seed> => {
      seeded += 1;
      known.add(`token-${seeded}`);
      return {
        station: { name: '北门', campus: 'beijing', code: 'G01', token: `token-${seeded}` },
        accounts: [{ role: 'nurse', name: '林护士', password: `pw-${seeded}` }],
      };
    },
  };
  const fetcher: typeof fetch = async (_url, init) => {
    const token = new Headers(init?.headers).get('authorization')?.replace('Bearer ', '') ?? '';
    return new Response('{}', { status: known.has(token) ? 200 : 401 });
  };
  return { hub, fetcher, known, path: join(folder, 'demo.json'), times: () => seeded };
}

it('a second start has the same accounts and the same station', async () => {
  const { hub, fetcher, path, times } = rig();
  const first = await sampleCampus(path, hub, fetcher);
  expect(await sampleCampus(path, hub, fetcher)).toEqual(first);
  expect(times()).toBe(1);
});

it('what is kept is for its owner alone', async () => {
  const { hub, fetcher, path } = rig();
  await sampleCampus(path, hub, fetcher);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('a hub that lost its database is seeded again', async () => {
  const { hub, fetcher, path, known, times } = rig();
  await sampleCampus(path, hub, fetcher);
  known.clear();
  expect((await sampleCampus(path, hub, fetcher)).station.token).toBe('token-2');
  expect(times()).toBe(2);
  expect(JSON.parse(readFileSync(path, 'utf8')).station.token).toBe('token-2');
});

it('a file that was cut off is replaced', async () => {
  const { hub, fetcher, path } = rig();
  writeFileSync(path, '{"station":{"na');
  expect((await sampleCampus(path, hub, fetcher)).station.token).toBe('token-1');
});
