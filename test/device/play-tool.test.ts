// `npm run play` as a whole: every profile on a real pty, its switches, its commands, and what it says to whoever calls it wrongly.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { playTool } from '../../device/cli/play-tool.ts';
import { systemClock } from '../../device/clock.ts';
import type { DeviceEvent } from '../../device/drivers/driver.ts';
import { commandBytes, profileOf } from '../../device/drivers/index.ts';
import { openSerialPort } from '../../device/serial-port.ts';
import { playedProfiles } from '../../device/simulator/players/played-device.ts';
import { readerSpeeches } from '../../device/simulator/players/reader-speech.ts';
import { seededRandom } from '../../device/simulator/seeded-random.ts';
import { eventually, ptyPair } from '../kit/pty.ts';
import { bytesOf } from './byte-tools.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

function start(argv: readonly string[]) {
  const printed: string[] = [];
  const errors: string[] = [];
  const lines: Uint8Array[] = [];
  let wake: () => void = () => undefined;
  let end: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    end = resolve;
  });
  async function* input() {
    for (;;) {
      for (let line = lines.shift(); line; line = lines.shift()) yield line;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  const code = playTool({
    argv,
    input: input(),
    output: { write: (text) => printed.push(text) > 0, once: () => undefined },
    errors: { write: (text) => errors.push(text) },
    openPort: openSerialPort,
    clock: systemClock,
    randomOf: seededRandom,
    anySeed: () => 1,
    wallMs: Date.now,
    stopped,
  });
  const stop = async () => {
    end();
    return code;
  };
  cleanUp.push(stop);
  return {
    code,
    stop,
    errors,
    news: () => printed.map((text): Record<string, unknown> => JSON.parse(text)),
    say: (line: unknown) => {
      lines.push(Buffer.from(`${JSON.stringify(line)}\n`));
      wake();
    },
    ready: () => eventually('ready', () => printed.length > 0, 10_000),
  };
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'mengang-play-'));
  cleanUp.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** What a relay board is asked for. */
const reads = (name: string) =>
  profileOf(name).role !== 'barrier' ? undefined : name === 'modbus-relay-r4' ? 'read-address' : 'read';

/** Reads the profile's port and asks what it asks. */
async function listen(path: string, name: string, command?: string) {
  const profile = profileOf(name);
  const decoder = profile.decoder({});
  const events: DeviceEvent[] = [];
  const port = await openSerialPort(path, profile.baudRate, {
    data: (bytes) => {
      events.push(...decoder.push(bytes));
    },
    gone: () => undefined,
  });
  const asking = setInterval(() => {
    events.push(...decoder.idle());
    if (command === undefined) return;
    decoder.asked?.(command);
    void port.write(commandBytes(profile, command, {}));
  }, 300);
  cleanUp.push(
    () => clearInterval(asking),
    () => port.destroy(),
  );
  return events;
}

test('every profile plays on a pty of its own making, and its driver reads it', { timeout: 60_000 }, async () => {
  const dir = folder();
  await Promise.all(
    playedProfiles
      // The control unit has its own test; boards that are only commanded answer to nobody.
      .filter((name) => !['osdp', 'lcus', 'hw-667'].includes(name))
      .map(async (name) => {
        const { role, poll } = profileOf(name);
        const link = join(dir, name);
        const card = readerSpeeches.get(name)?.card.sample;
        const tool = start(['--profile', name, '--link', link, ...(role === 'thermometer' ? ['--jitter', '0'] : [])]);
        await tool.ready();
        const events = await listen(link, name, poll?.command ?? reads(name));
        if (card !== undefined) tool.say({ card });
        const wanted =
          name === 'modbus-relay-r4' ? 'setting' : { thermometer: 'reading', reader: 'tap', barrier: 'inputs' }[role];
        await eventually(`${name} is read`, () => events.some(({ kind }) => kind === wanted), 15_000);
        const event = events.find(({ kind }) => kind === wanted);
        if (event?.kind === 'reading') expect(event.bodyCenti ?? event.objectCenti, name).toBe(3_650);
      }),
  );
});

test('commands on standard input change what is shown, and faults break and heal it', { timeout: 30_000 }, async () => {
  const link = join(folder(), 'gy');
  const tool = start(['--profile', 'gy-mcu90614', '--link', link, '--jitter', '0', '--rate', '20', '--temp', '38.2']);
  await tool.ready();
  const events = await listen(link, 'gy-mcu90614');
  const last = () => events.filter(({ kind }) => kind === 'reading').at(-1);
  await eventually('38.2', () => {
    const event = last();
    return event?.kind === 'reading' && event.objectCenti === 3_820;
  });
  tool.say({ temp: 36.4 });
  await eventually('36.4', () => {
    const event = last();
    return event?.kind === 'reading' && event.objectCenti === 3_640;
  });
  tool.say({ fault: { flip: 1 } });
  await eventually('refusals', () => events.slice(-5).every(({ kind }) => kind === 'rejected'));
  expect(tool.news().filter(({ kind }) => kind === 'fault').length).toBeGreaterThan(2);
  tool.say({ fault: null });
  await eventually('well again', () => last() === events.at(-1));
  tool.say({ fault: { wrongBaud: true } });
  await eventually('noise', () => events.at(-1)?.kind === 'rejected');
  tool.say({ nonsense: 1 });
  await eventually('a sentence', () => tool.news().some(({ kind }) => kind === 'error'));
  tool.say({ plugged: false });
  await eventually('the node is gone', () => !existsSync(link));
  tool.say({ plugged: true });
  await eventually('the node is back', () => existsSync(link), 10_000);
  expect(await tool.stop()).toBe(0);
  expect(existsSync(link)).toBe(false);
});

test('a bias toward normal, a drift and a freeze are what they say', { timeout: 30_000 }, async () => {
  const dir = folder();
  const play = async (name: string, ...more: string[]) => {
    const link = join(dir, name);
    const tool = start(['--profile', 'line', '--link', link, '--jitter', '0', '--temp', '40', ...more]);
    await tool.ready();
    const events = await listen(link, 'line');
    const readings = () => events.flatMap((event) => (event.kind === 'reading' ? [event.objectCenti ?? 0] : []));
    await eventually(`${name} reads`, () => readings().length > 4);
    return { tool, readings };
  };
  const { readings: pulled } = await play('pulled', '--bias', 'toward-normal=0.5');
  expect(pulled().at(-1)).toBe(3_825); // half way from 40.0 to 36.5
  const { readings: drifting } = await play('drifting', '--drift', '1000/h', '--rate', '20');
  await eventually('it creeps', () => (drifting().at(-1) ?? 0) > 4_020, 10_000);
  const { tool, readings: frozen } = await play('frozen', '--freeze', '0');
  tool.say({ temp: 37 });
  const count = frozen().length;
  await eventually('five more', () => frozen().length > count + 5);
  // A line that was cut, by the opening of the port or by a machine that had no time for its sender, reads as its end: 0.
  expect(new Set(frozen().filter((centi) => centi !== 0))).toEqual(new Set([4_000]));
});

test('the plain form plays on a port that exists, and --count ends it', { timeout: 20_000 }, async () => {
  const pair = await ptyPair();
  cleanUp.push(() => pair.close());
  const events = await listen(pair.pathA, 'rdm6300');
  const tool = start([
    '--profile',
    'rdm6300',
    '--path',
    pair.pathB,
    '--card',
    '0400508931',
    '--rate',
    '4',
    '--count',
    '3',
  ]);
  expect(await tool.code).toBe(0);
  // Three times, each frame again and again while the card lies: a busy machine takes it away sooner.
  await eventually('the frames', () => events.length >= 3);
  for (const event of events) expect(event).toMatchObject({ kind: 'tap', uid: '0400508931' });
});

test('a relay tells when it moves', { timeout: 20_000 }, async () => {
  const pair = await ptyPair();
  cleanUp.push(() => pair.close());
  const tool = start(['--profile', 'hw-667', '--path', pair.pathB]);
  await tool.ready();
  const port = await openSerialPort(pair.pathA, 9_600, { data: () => undefined, gone: () => undefined });
  cleanUp.push(() => port.destroy());
  await port.write(bytesOf('cc'));
  await eventually(
    'on and off again by the board',
    () => tool.news().filter(({ kind }) => kind === 'relay').length === 2,
  );
  expect(tool.news().filter(({ kind }) => kind === 'relay')).toEqual([
    { kind: 'relay', channel: 1, on: true },
    { kind: 'relay', channel: 1, on: false },
  ]);
});

test.each([
  [[], /npm run play/],
  [['--profile', 'nonsense', '--path', 'x'], /gy-mcu90614.*hw-667/],
  [['--profile', 'line'], /--path.*--link/],
  [['--profile', 'line', '--path', '/nowhere/at/all'], /--link/],
  [['--profile', 'line', '--path', '/dev/null'], /serial port/],
  [['--profile', 'line', '--link', '/nowhere/at/all'], /folder/],
  [['--profile', 'line', '--link', 'x', '--flip', '2'], /from 0 to 1/],
  [['--profile', 'line', '--link', 'x', '--bias', 'up=1'], /toward-normal=K/],
  [['--profile', 'rdm6300', '--link', 'x', '--card', 'XYZ'], /010063E9AE/],
  [['--profile', 'rdm6300', '--link', 'x', '--temp', '36'], /thermometer/],
])('%j is refused with one sentence and exit code 2', async (argv, sentence) => {
  const tool = start(argv);
  expect(await tool.code).toBe(2);
  expect(tool.errors.join('')).toMatch(sentence);
  expect(tool.errors.join('').trim().split('\n')).toHaveLength(1);
});

test('the OSDP peripheral that is played and tested against shares no code with the control unit', () => {
  const source = readFileSync(new URL('../../device/simulator/players/osdp-peripheral.ts', import.meta.url), 'utf8');
  const imports = [...source.matchAll(/from '([^']+)'/g)].map(([, from]) => from);
  expect(imports).toEqual(['node:crypto']);
});
