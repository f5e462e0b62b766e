// What the settings' tab about this post stands on: log lines within bounds, a stick that is written whole or not at all, a backlight that
// never goes dark, and a self-test that tells each thing at its limit.

import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBacklight } from '../../device/backlight.ts';
import { buildOfPages, ownBuild } from '../../device/build-stamp.ts';
import { systemProbe } from '../../device/disk-probe.ts';
import { createHubContact } from '../../device/hub-contact.ts';
import { silentLog } from '../../device/log.ts';
import { createLogRing } from '../../device/log-ring.ts';
import { createPolicyKeeper } from '../../device/policy-keeper.ts';
import { createSelfTest, type SelfTestParts, limits as test } from '../../device/self-test.ts';
import { fileName } from '../../device/settings-post.ts';
import { writeToStick } from '../../device/usb-stick.ts';
import { brightnessRequest, selfTestAnswer } from '../../src/contracts/post.ts';
import { limits as clockLimits } from '../../src/domain/order-day.ts';
import { createManualClock } from './manual-clock.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mengang-post-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('the log that is kept', () => {
  it('says everything on, and keeps the newest lines that fit both bounds', () => {
    const said: string[] = [];
    const hear = ({ event }: { event: string }) => void said.push(event);
    const ring = createLogRing({ info: hear, warn: hear, error: hear }, () => 0, { lines: 3, bytes: 400 });
    for (const n of [1, 2, 3, 4]) ring.log.info({ event: `e${n}` });
    ring.log.warn({ event: 'e5', code: 'E-51' }, 'sentence');
    expect(said).toEqual(['e1', 'e2', 'e3', 'e4', 'e5']);
    expect(ring.lines().map((line) => JSON.parse(line).event)).toEqual(['e3', 'e4', 'e5']);
    expect(JSON.parse(ring.lines()[2] ?? '')).toEqual({
      ...{ level: 'warn', time: '1970-01-01T00:00:00.000Z', event: 'e5', code: 'E-51', msg: 'sentence' },
    });
    expect(ring.dropped()).toBe(2);
    ring.log.error({ event: 'long', reason: 'x'.repeat(300) });
    expect(ring.lines().map((line) => JSON.parse(line).event)).toEqual(['long']);
  });
});

describe('the stick', () => {
  const bytes = Buffer.from('{"a":1}\n');
  it('takes the file whole, with nothing left beside it', async () => {
    await mkdir(join(dir, 'user', 'STICK'), { recursive: true });
    const path = await writeToStick(
      { roots: [join(dir, 'absent'), join(dir, 'user')], anyFolder: true },
      'log.jsonl',
      bytes,
    );
    expect(path).toBe(join(dir, 'user', 'STICK', 'log.jsonl'));
    expect(await readFile(path ?? '')).toEqual(bytes);
    expect(await readdir(join(dir, 'user', 'STICK'))).toEqual(['log.jsonl']);
  });

  it('is no folder of the system’s own disk, and nothing three levels down', async () => {
    await mkdir(join(dir, 'a', 'b'), { recursive: true });
    expect(await writeToStick({ roots: [dir] }, 'log.jsonl', bytes)).toBeNull();
    expect(await writeToStick({ roots: [join(dir, 'a', 'b')], anyFolder: true }, 'log.jsonl', bytes)).toBeNull();
    expect(await readdir(join(dir, 'a', 'b'))).toEqual([]);
  });

  it('follows no link, neither to a folder nor in the place of the file', async () => {
    const outside = join(dir, 'outside');
    await mkdir(outside);
    await mkdir(join(dir, 'media'));
    await symlink(outside, join(dir, 'media', 'A'));
    expect(await writeToStick({ roots: [join(dir, 'media')], anyFolder: true }, 'log.jsonl', bytes)).toBeNull();
    await mkdir(join(dir, 'media', 'B'));
    await writeFile(join(outside, 'mine'), 'kept');
    await symlink(join(outside, 'mine'), join(dir, 'media', 'B', 'log.jsonl'));
    await writeToStick({ roots: [join(dir, 'media')], anyFolder: true }, 'log.jsonl', bytes);
    expect(await readFile(join(outside, 'mine'), 'utf8')).toBe('kept');
    expect((await stat(join(dir, 'media', 'B', 'log.jsonl'))).size).toBe(bytes.length);
  });

  it('that does not take it is left for the next one', async () => {
    // A folder in the file's place cannot be replaced by it.
    await mkdir(join(dir, 'A', 'log.jsonl', 'x'), { recursive: true });
    await mkdir(join(dir, 'B'));
    expect(await writeToStick({ roots: [dir], anyFolder: true }, 'log.jsonl', bytes)).toBe(join(dir, 'B', 'log.jsonl'));
    expect(await readdir(join(dir, 'A'))).toEqual(['log.jsonl']);
  });

  it.each([
    ['G03', 'mengang-G03-2026-03-02-0005.jsonl'],
    ['../东门 3', 'mengang-3-2026-03-02-0005.jsonl'],
    ['东门', 'mengang-post-2026-03-02-0005.jsonl'],
  ])('gets a plain name by the campus’s day and minute for %s', (code, name) => {
    expect(fileName(code, Date.UTC(2026, 2, 1, 16, 5))).toBe(name);
  });
});

describe('the backlight', () => {
  const panel = async (most: string, now: string) => {
    await mkdir(join(dir, 'panel'), { recursive: true });
    await writeFile(join(dir, 'panel', 'max_brightness'), most);
    await writeFile(join(dir, 'panel', 'brightness'), now);
  };
  const now = async () => (await readFile(join(dir, 'panel', 'brightness'), 'utf8')).trim();

  it('is none where there is none, or one that tells no number', async () => {
    const light = createBacklight(dir);
    expect(await light.percent()).toBeNull();
    expect(await light.set(50)).toBe('none');
    await panel('oops\n', '3\n');
    expect(await light.percent()).toBeNull();
    expect(await createBacklight(join(dir, 'absent')).percent()).toBeNull();
  });

  it('is set in percent of its own steps, never below 20', async () => {
    await panel('255\n', '255\n');
    const light = createBacklight(dir);
    expect(await light.percent()).toBe(100);
    expect(await light.set(50)).toBe('set');
    expect(await now()).toBe('128');
    expect(await light.percent()).toBe(50);
    await light.set(0);
    expect(await now()).toBe('51');
    await panel('7', '7');
    await light.set(20);
    // A seventh would be 14 %.
    expect(await now()).toBe('2');
  });

  it.each([
    [19, false],
    [20, true],
    [25, false],
    [30, true],
    [100, true],
    [110, false],
  ])('%d percent asked for: %s', (percent, fits) => {
    expect(brightnessRequest.safeParse({ percent }).success).toBe(fits);
  });
});

describe('the contact with the hub', () => {
  it('counts answers that are no failure, and knows the hub’s clock by them', async () => {
    const clock = createManualClock();
    const contact = createHubContact({ clock, wallMs: () => 1_000_000 });
    contact.heard({ status: 503, date: new Date(5_000_000).toUTCString(), isOwn: true });
    expect([contact.agoMs(), contact.offsetMs(), contact.confirmedAgoMs()]).toEqual([null, null, null]);
    contact.heard({ status: 401, date: undefined, isOwn: false });
    expect([contact.agoMs(), contact.isRefused()]).toEqual([0, false]);
    contact.heard({ status: 401, date: new Date(1_002_000).toUTCString(), isOwn: true });
    expect([contact.isRefused(), contact.offsetMs()]).toEqual([true, 2_500]);
    contact.heard({ status: 200, date: 'nonsense', isOwn: true });
    contact.confirmed();
    await clock.advance(90);
    expect([contact.agoMs(), contact.confirmedAgoMs(), contact.isRefused(), contact.offsetMs()]).toEqual([
      90,
      90,
      false,
      2_500,
    ]);
  });
});

describe('the self-test', () => {
  type Facts = {
    devices: { deviceId: string; code: string | null }[];
    write: 'written' | 'full' | 'failed';
    free: number | null;
    ago: number | null;
    confirmed: number | null;
    refused: boolean;
    upload: number | null;
    offset: number | null;
    guards: number;
    came: number | null;
  };
  const good: Facts = {
    ...{ devices: [{ deviceId: 'reader-1', code: null }], write: 'written', free: test.freeBytes },
    ...{ ago: test.hubMs, confirmed: test.confirmedMs, refused: false, upload: null, offset: -clockLimits.unsureMs },
    ...{ guards: 2, came: 500 },
  };
  const run = async (change: Partial<Facts> = {}) => {
    const facts = { ...good, ...change };
    const parts: SelfTestParts = {
      devices: () => facts.devices,
      journalDir: '/nowhere',
      probe: { write: async () => facts.write, freeBytes: async () => facts.free },
      contact: {
        ...{ agoMs: () => facts.ago, confirmedAgoMs: () => facts.confirmed },
        ...{ isRefused: () => facts.refused, offsetMs: () => facts.offset },
      },
      uploadOffsetMs: () => facts.upload,
      guards: () => facts.guards,
      policy: () => ({ version: 7, cameWallMs: facts.came }),
      wallMs: () => 1_000,
    };
    return selfTestAnswer.parse(await createSelfTest(parts)());
  };

  it('passes with everything just at its limit', async () => {
    const { ok, lines, atWallMs } = await run();
    expect([ok, atWallMs]).toEqual([true, 1_000]);
    expect(lines.map(({ subject, finding }) => `${subject} ${finding}`)).toEqual([
      'device ready',
      'journal writable',
      'disk space',
      'hub hub-reached',
      'clock clock-good',
      'guards guards-there',
      'policy policy-there',
    ]);
  });

  it.each<[string, Partial<Facts>, string, string | null]>([
    ['a device with a fault', { devices: [{ deviceId: 'reader-1', code: 'E-11' }] }, 'not-ready', 'E-11'],
    ['a journal that fails', { write: 'failed' }, 'unwritable', 'E-51'],
    ['a full disk', { write: 'full' }, 'unwritable', 'E-52'],
    ['one byte too few', { free: test.freeBytes - 1 }, 'little-space', 'E-52'],
    ['a disk that says nothing', { free: null }, 'space-unknown', 'E-51'],
    ['a hub just too long away', { ago: test.hubMs + 1 }, 'hub-away', null],
    ['a hub away for a day', { ago: test.hubLongMs + 1 }, 'hub-away', 'E-41'],
    ['a hub that was never there', { ago: null }, 'hub-never', null],
    ['a hub that does not know us', { refused: true }, 'hub-refused', 'E-42'],
    ['a clock just too far off', { offset: clockLimits.unsureMs + 1 }, 'clock-off', 'E-61'],
    ['a clock off by the uploader’s word', { upload: -clockLimits.unsureMs - 1, offset: 0 }, 'clock-off', 'E-61'],
    ['a clock that nothing is known of', { offset: null }, 'clock-unknown', null],
    ['nobody on the list', { guards: 0 }, 'guards-none', null],
    ['no policy from any hub', { came: null }, 'policy-default', null],
  ])('fails %s, that alone', async (_what, change, finding, code) => {
    const { ok, lines } = await run(change);
    expect(ok).toBe(false);
    expect(lines.filter((line) => !line.ok).map((line) => [line.finding, line.code])).toEqual([[finding, code]]);
  });

  it('fails a list and a policy that no hub confirmed for over a day', async () => {
    const { lines } = await run({ confirmed: test.confirmedMs + 1 });
    expect(lines.filter(({ ok }) => !ok).map(({ finding }) => finding)).toEqual(['guards-old', 'policy-old']);
  });

  it('tells of what is kept from before the start that it is', async () => {
    const { ok, lines } = await run({ confirmed: null });
    expect(ok).toBe(true);
    expect(lines.slice(-2)).toMatchObject([
      { finding: 'guards-kept', n: 2 },
      { finding: 'policy-kept', n: 7, ms: 500 },
    ]);
  });

  it('probes a real folder and leaves nothing there', async () => {
    expect(await systemProbe.write(dir)).toBe('written');
    expect(await readdir(dir)).toEqual([]);
    expect(await systemProbe.freeBytes(dir)).toBeGreaterThan(0);
    expect(await systemProbe.write(join(dir, 'absent'))).toBe('failed');
    expect(await systemProbe.freeBytes(join(dir, 'absent'))).toBeNull();
    await symlink('/dev/full', join(dir, 'self-test.tmp'));
    expect(await systemProbe.write(dir)).toBe('full');
  });
});

describe('builds and policy', () => {
  it('tell nothing where nothing is known', () => {
    expect(ownBuild()).toEqual({ version: null, builtAtMs: null });
    const of = (text: string) =>
      buildOfPages(
        new Map([['/build.json', { body: Buffer.from(text), type: '', etag: '', cache: '', isPage: false }]]),
      );
    expect(buildOfPages(new Map())).toBeNull();
    expect(of('{')).toBeNull();
    expect(of('{"version":1}')).toBeNull();
    expect(of('{"version":"0.1.0","cache":"c","builtAtMs":5}')).toEqual({ version: '0.1.0', cache: 'c', builtAtMs: 5 });
  });

  it('know that a policy came, also one that equals the defaults, over a restart', async () => {
    const begin = () =>
      createPolicyKeeper(
        dir,
        silentLog,
        () => undefined,
        () => 5_000,
      );
    const keeper = await begin();
    expect(keeper.cameWallMs()).toBeNull();
    await keeper.take({ policy: { version: 0, document: {} } });
    expect(keeper.cameWallMs()).toBe(5_000);
    expect((await begin()).cameWallMs()).toBeGreaterThan(5_000);
  });
});
