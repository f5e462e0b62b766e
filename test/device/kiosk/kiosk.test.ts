// The kiosk from its first start to its end, over a Chromium and a bridge of paper, with real files and a clock of our own.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Browser } from '../../../device/kiosk/browser.ts';
import { type KioskParts, KioskRefusal, runKiosk } from '../../../device/kiosk/kiosk.ts';
import type { Standing } from '../../../device/kiosk/stamp.ts';
import { limits } from '../../../device/kiosk/watch.ts';
import type { LogFields } from '../../../device/log.ts';
import { until } from '../../kit/programs.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';
import { makeLog } from './made-log.ts';

let dir: string;
let clock: ManualClock;
let stop: AbortController;
let now: { version: string; flags: string };
let heard: { connected: boolean; lastHeardMs: number | null; unjournaled: number } | null;
let standing: Standing | null;
let starts: { end: (how: string) => void; stopped: boolean; atMs: number }[];
let told: LogFields[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mengang-kiosk-'));
  clock = createManualClock();
  stop = new AbortController();
  now = { version: '156.0.1.1', flags: 'a' };
  heard = { connected: true, lastHeardMs: 100, unjournaled: 0 };
  standing = { unsent: 0, unjournaled: 0 };
  [starts, told] = [[], []];
});
afterEach(() => {
  stop.abort();
  rmSync(dir, { recursive: true, force: true });
});

const database = () => join(dir, 'profile', 'Default', 'IndexedDB', 'http_localhost_7411.indexeddb.leveldb');
const stamp = () => JSON.parse(readFileSync(join(dir, 'stamp.json'), 'utf8'));

const browser: Browser = {
  version: async () => now.version,
  flagsHash: async () => now.flags,
  start: () => {
    let end = (_how: string): void => {};
    const ended = new Promise<string>((resolve) => {
      end = resolve;
    });
    const one = { end, stopped: false, atMs: clock.nowMs() };
    starts.push(one);
    return {
      ended,
      stop: async () => {
        one.stopped = true;
        end('SIGTERM');
      },
    };
  },
};

function begin(change: Partial<KioskParts> = {}): Promise<unknown> {
  const log = (fields: LogFields) => void told.push(fields);
  return runKiosk({
    ...{ dir, browser, clock, accept: false, wallMs: () => 7, random: () => 0.5, stop: stop.signal },
    bridge: { health: async () => heard, settle: async () => standing },
    log: { info: log, warn: log, error: log },
    ...change,
  }).then(
    () => 'stopped',
    (error: unknown) => error,
  );
}

/** Moves the clock on in small steps, with the disk's own time between them. */
async function pass(ms: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += 500) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(500);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
const started = (count: number, stepMs = 250) =>
  until(`start ${count}`, async () => {
    await clock.advance(stepMs);
    return starts.length >= count;
  });

it('starts once, stamps the profile, and stops Chromium when told to', async () => {
  const done = begin();
  await started(1);
  await pass(60_000);
  expect(starts.length).toBe(1);
  expect(stamp()).toEqual({ version: '156.0.1.1', flags: 'a', alone: false });
  stop.abort();
  expect([await done, starts[0]?.stopped]).toEqual(['stopped', true]);
});

it('starts a page anew that is not heard any more, and one that ended, at most twelve times an hour', async () => {
  const done = begin();
  await started(1);
  await pass(10_000);
  heard = { connected: true, lastHeardMs: 30_000, unjournaled: 0 };
  await pass(limits.quietMs + 5_000);
  await started(2);
  expect(starts[0]?.stopped).toBe(true);
  expect(told.map(({ event }) => event)).toContain('page-stopped');
  heard = { connected: true, lastHeardMs: 100, unjournaled: 0 };
  for (let n = 2; n <= 12; n++) {
    starts.at(-1)?.end('code 1');
    await started(n + 1, 5_000);
  }
  const atMs = starts.map((one) => one.atMs);
  starts.at(-1)?.end('code 1');
  await started(14, 30_000);
  // The first start does not count: it was nobody's restart.
  expect((starts[13]?.atMs ?? 0) - (atMs[1] ?? 0)).toBeGreaterThanOrEqual(limits.hourMs - 1_000);
  stop.abort();
  expect(await done).toBe('stopped');
});

it('leaves a page alone whose bridge is away, and notes that it may hold what only it knows', async () => {
  const done = begin();
  await started(1);
  heard = null;
  await pass(120_000);
  expect([starts.length, stamp().alone]).toEqual([1, true]);
  heard = { connected: true, lastHeardMs: 1, unjournaled: 3 };
  await pass(10_000);
  expect(stamp().alone).toBe(true);
  heard = { connected: true, lastHeardMs: 1, unjournaled: 0 };
  await pass(10_000);
  expect(stamp().alone).toBe(false);
  stop.abort();
  await done;
});

it('cuts a torn log before every start', async () => {
  mkdirSync(database(), { recursive: true });
  writeFileSync(join(dir, 'stamp.json'), JSON.stringify({ version: '156.0.1.1', flags: 'a', alone: false }));
  const path = join(database(), '000003.log');
  const log = makeLog([100, 200]).bytes;
  writeFileSync(path, log.subarray(0, log.length - 5));
  const done = begin();
  await started(1);
  expect(readFileSync(path).length).toBe(107);
  writeFileSync(path, log.subarray(0, log.length - 9));
  starts[0]?.end('SIGKILL');
  await started(2);
  expect(readFileSync(path).length).toBe(107);
  stop.abort();
  await done;
});

it.each([
  ['156.0.2.2', 'a', { unsent: 3, unjournaled: 0 }, false, '3'],
  ['156.0.2.2', 'a', { unsent: null, unjournaled: 0 }, false, 'hub'],
  ['156.0.1.1', 'b', { unsent: 0, unjournaled: 1 }, false, 'the bridge does not have'],
  ['155.0.1.1', 'a', { unsent: 0, unjournaled: 0 }, true, 'the bridge does not have'],
])('refuses %s with the flags %s while anything is unsent or unknown', async (version, flags, says, alone, word) => {
  writeFileSync(join(dir, 'stamp.json'), JSON.stringify({ version: '156.0.1.1', flags: 'a', alone }));
  [now, standing] = [{ version, flags }, says];
  const refusal = await begin();
  expect(refusal).toBeInstanceOf(KioskRefusal);
  expect((refusal as KioskRefusal).sentence.en).toContain(word);
  expect([starts.length, stamp().version, stamp().flags]).toEqual([0, '156.0.1.1', 'a']);
  // The former one may go on at once, and when all is at the hub, the other.
  now = { version: '156.0.1.1', flags: 'a' };
  const done = begin();
  await started(1);
  stop.abort();
  expect(await done).toBe('stopped');
});

it('waits for a bridge that is only just starting, then refuses for its silence', async () => {
  writeFileSync(join(dir, 'stamp.json'), JSON.stringify({ version: '1.1.1.1', flags: 'a', alone: false }));
  standing = null;
  let refusal: unknown = null;
  const done = begin().then((error) => {
    refusal = error;
  });
  await pass(50_000);
  expect(refusal).toBeNull();
  await pass(20_000);
  await done;
  expect((refusal as unknown as KioskRefusal).sentence.en).toContain('bridge does not answer');
});

it('starts another version when all is at the hub, and has the bridge bring it there', async () => {
  writeFileSync(join(dir, 'stamp.json'), JSON.stringify({ version: '1.1.1.1', flags: 'a', alone: false }));
  const left = [5, 3, 0, 0];
  const bridge = {
    health: async () => heard,
    settle: async () => ({ unsent: left.shift() ?? 0, unjournaled: 0 }),
  };
  const done = begin({ bridge });
  await started(1);
  expect(stamp()).toEqual({ version: '156.0.1.1', flags: 'a', alone: false });
  stop.abort();
  expect(await done).toBe('stopped');
});

it('keeps a copy of the databases before it changes on an order', async () => {
  mkdirSync(database(), { recursive: true });
  writeFileSync(join(database(), 'CURRENT'), 'MANIFEST-000001\n');
  [heard, standing] = [null, null];
  const done = begin({ accept: true });
  await pass(70_000);
  await started(1);
  const kept = join(dir, 'kept', 'IndexedDB-7', 'http_localhost_7411.indexeddb.leveldb', 'CURRENT');
  expect(readFileSync(kept, 'utf8')).toBe('MANIFEST-000001\n');
  stop.abort();
  await done;
});

it('lets one kiosk at a time use a folder', async () => {
  const done = begin();
  await started(1);
  expect(await begin()).toBeInstanceOf(KioskRefusal);
  stop.abort();
  await done;
});
