// Signing in by PIN: wrong ones lock, the lock-out survives a restart, and the list is there while the hub is away.
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../device/clock.ts';
import { createGuards, type Guards } from '../../device/guards.ts';
import { createHubClient, type HubClient } from '../../device/http-hub.ts';
import { silentLog } from '../../device/log.ts';
import type { ShiftBody } from '../../src/domain/entry.ts';

let dir = '';
let pinHash = '';
let wallMs = 1_600_000_000_000;
const started: Guards[] = [];
let shifts: ShiftBody[] = [];

beforeAll(async () => {
  pinHash = await hash('4711', { memoryCost: 8_192, timeCost: 1 });
});
beforeEach(async () => {
  shifts = [];
  dir = await mkdtemp(join(tmpdir(), 'mengang-guards-'));
  const guards = ['g1', 'g2'].map((staffId) => ({
    staffId,
    name: `Guard ${staffId}`,
    pinHash,
    cardKeys: [`uid:0100${staffId === 'g1' ? '0A' : '0B'}`, `printed:000${staffId === 'g1' ? '1' : '2'}`],
  }));
  await writeFile(join(dir, 'station.json'), JSON.stringify({ contract: 1, guards }));
});
afterEach(async () => {
  for (const guards of started.splice(0)) guards.stop();
  await rm(dir, { recursive: true, force: true });
});

async function begin(hub: HubClient = createHubClient('http://127.0.0.1:1', 'token', null)): Promise<Guards> {
  const guards = await createGuards({
    stateDir: dir,
    hub,
    clock: systemClock,
    wallMs: () => wallMs,
    random: Math.random,
    log: silentLog,
    onChange: () => undefined,
    onHub: () => undefined,
    onShift: (body) => void shifts.push(body),
  });
  started.push(guards);
  return guards;
}

describe('signing in', () => {
  it('knows the guards of the last time while the hub is away, without their hashes', async () => {
    expect((await begin()).list()).toEqual([
      { staffId: 'g1', name: 'Guard g1' },
      { staffId: 'g2', name: 'Guard g2' },
    ]);
  });

  it('takes the right PIN, refuses a wrong one and an unknown guard', async () => {
    const guards = await begin();
    expect(await guards.signIn('g1', '0000')).toEqual({ signedIn: null, error: 'wrong-pin', retryInMs: 0 });
    expect(await guards.signIn('g9', '4711')).toMatchObject({ error: 'unknown' });
    expect(await guards.signIn('g1', '')).toMatchObject({ error: 'wrong-pin' });
    expect(await guards.signIn('g1', '4711')).toMatchObject({ signedIn: { staffId: 'g1' }, error: null });
    await guards.signOut();
    expect(guards.signedIn()).toBeNull();
  });

  it('locks after five wrong PINs, for that guard alone, over a restart, for five minutes', async () => {
    const guards = await begin();
    for (let wrong = 1; wrong <= 4; wrong++) expect((await guards.signIn('g1', '0000')).error).toBe('wrong-pin');
    expect(await guards.signIn('g1', '0000')).toMatchObject({ error: 'locked', retryInMs: 300_000 });
    expect(await guards.signIn('g1', '4711')).toMatchObject({ error: 'locked', signedIn: null });
    expect((await guards.signIn('g2', '4711')).error).toBeNull();
    wallMs += 299_999;
    const again = await begin();
    expect(await again.signIn('g1', '4711')).toMatchObject({ error: 'locked', retryInMs: 1 });
    wallMs += 1;
    expect((await again.signIn('g1', '4711')).error).toBeNull();
  });

  it('locks for five minutes at most, also when the clock that ran 68 years ahead is set right, and gives no tries for it', async () => {
    const rightMs = wallMs;
    wallMs += 68 * 365 * 86_400_000;
    const guards = await begin();
    for (let wrong = 1; wrong <= 5; wrong++) await guards.signIn('g1', '0000');
    wallMs = rightMs;
    expect(await guards.signIn('g1', '4711')).toMatchObject({ error: 'locked', retryInMs: 300_000 });
    wallMs += 299_999;
    const again = await begin();
    expect(await again.signIn('g1', '4711')).toMatchObject({ error: 'locked', retryInMs: 1 });
    wallMs += 1;
    expect((await again.signIn('g1', '4711')).error).toBeNull();
  });

  it('lets a guard who left sign in no more, also while the disk is full, and keeps the list as soon as it is not', async () => {
    const stored = JSON.parse(await readFile(join(dir, 'station.json'), 'utf8'));
    const body = Buffer.from(JSON.stringify({ ...stored, guards: stored.guards.slice(1) }));
    const hub: HubClient = {
      ask: () => Promise.reject(new Error('unused')),
      askWhole: async () => ({ status: 200, body, retryAfterMs: null }),
      close: () => undefined,
    };
    await symlink('/dev/full', join(dir, 'station.json.new'));
    const guards = await begin(hub);
    guards.start();
    await expect.poll(() => guards.list().map(({ staffId }) => staffId)).toEqual(['g2']);
    guards.stop();
    await rm(join(dir, 'station.json.new'));
    guards.start();
    await expect.poll(async () => (await begin()).list().map(({ staffId }) => staffId)).toEqual(['g2']);
  });

  it('counts tries over a restart, and guesses sent at once', async () => {
    const first = await begin();
    for (let wrong = 1; wrong <= 3; wrong++) await first.signIn('g1', '0000');
    const second = await begin();
    const errors = (await Promise.all(['1', '2', '3', '4711'].map((pin) => second.signIn('g1', pin)))).map(
      ({ error }) => error,
    );
    expect(errors).toEqual(['wrong-pin', 'locked', 'locked', 'locked']);
  });

  it('forgets the wrong ones after a right one', async () => {
    const guards = await begin();
    for (let round = 0; round < 3; round++) {
      for (let wrong = 1; wrong <= 3; wrong++) expect((await guards.signIn('g1', '0')).error).toBe('wrong-pin');
      expect((await guards.signIn('g1', '4711')).error).toBeNull();
    }
  });

  it('keeps its files readable by their owner alone, without a PIN in them', async () => {
    const guards = await begin();
    await guards.signIn('g1', '0815');
    const path = join(dir, 'pin-locks.json');
    expect((await stat(path)).mode & 0o077).toBe(0);
    expect(await readFile(path, 'utf8')).not.toContain('0815');
  });
});

describe('the two rosters', () => {
  it('know a guard by either number of the card, and nobody by two guards’ numbers', async () => {
    const guards = await begin();
    expect(guards.ownerOf({ uid: '01000A', printed: null })).toBe('g1');
    expect(guards.ownerOf({ uid: null, printed: '0002' })).toBe('g2');
    expect(guards.ownerOf({ uid: '01000A', printed: '0001' })).toBe('g1');
    expect(guards.ownerOf({ uid: '01000A', printed: '0002' })).toBeNull();
    expect(guards.ownerOf({ uid: '0F', printed: null })).toBeNull();
    expect(guards.ownerOf({ uid: null, printed: null })).toBeNull();
  });

  it('stand side by side, one person each, and each coming and going is written down', async () => {
    const guards = await begin();
    await guards.signIn('g1', '4711', 'duty', true);
    await guards.signIn('g2', '4711', 'prevention');
    expect(guards.posts()).toMatchObject({
      duty: { staffId: 'g1' },
      prevention: { staffId: 'g2', sinceWallMs: wallMs },
    });
    expect(guards.signedIn()).toMatchObject({ staffId: 'g1' });
    await guards.signIn('g2', '4711', 'duty');
    await guards.signOut('prevention');
    await guards.signOut('prevention');
    expect(shifts).toEqual([
      { kind: 'shift', staffId: 'g1', change: 'in', roster: 'duty', how: 'card' },
      { kind: 'shift', staffId: 'g2', change: 'in', roster: 'prevention', how: 'name' },
      { kind: 'shift', staffId: 'g1', change: 'out', roster: 'duty', how: 'relieved' },
      { kind: 'shift', staffId: 'g2', change: 'in', roster: 'duty', how: 'name' },
      { kind: 'shift', staffId: 'g2', change: 'out', roster: 'prevention' },
    ]);
  });

  it('are as they were after a restart, and a lock-out by card is the same lock-out', async () => {
    const guards = await begin();
    await guards.signIn('g1', '4711', 'prevention', true);
    for (let wrong = 1; wrong <= 5; wrong++) await guards.signIn('g2', '0000', 'duty', true);
    const again = await begin();
    expect(again.posts()).toMatchObject({ duty: null, prevention: { staffId: 'g1' } });
    expect(await again.signIn('g2', '4711', 'duty', true)).toMatchObject({ error: 'locked', signedIn: null });
  });

  it('close a forgotten sign-off after twelve hours, and not a minute before', async () => {
    const first = await begin();
    await first.signIn('g1', '4711');
    wallMs += 12 * 3_600_000 - 1;
    const still = await begin();
    still.start();
    await settled();
    expect(still.posts().duty).toMatchObject({ staffId: 'g1' });
    wallMs += 1;
    const later = await begin();
    later.start();
    await settled();
    expect(later.posts().duty).toBeNull();
    expect(shifts.at(-1)).toEqual({ kind: 'shift', staffId: 'g1', change: 'out', roster: 'duty', how: 'expired' });
    expect((await begin()).posts().duty).toBeNull();
  });
});

/** A round of asking a hub that is not there. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 200));
