// The osdp tool over a real pty, with peripherals at the far end that share no code with it: as a person runs it.
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { orderOfLine } from '../../device/cli/osdp-lines.ts';
import { osdpTool } from '../../device/cli/osdp-tool.ts';
import { systemClock } from '../../device/clock.ts';
import { openSerialPort } from '../../device/serial-port.ts';
import { createOsdpPeripheral, type OsdpPeripheral } from '../kit/osdp-peripheral.ts';
import { eventually, pause, ptyPair } from '../kit/pty.ts';

const scbk = 'c0c1c2c3c4c5c6c7c8c9cacbcccdcecf';
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(addresses: readonly number[], ...more: string[]) {
  const pair = await ptyPair();
  closers.push(pair.close);
  const peripherals = new Map<number, OsdpPeripheral>();
  const far = await openSerialPort(pair.pathB, 9_600, {
    data: (bytes) => {
      for (const one of peripherals.values()) one.take(bytes);
    },
    gone: () => undefined,
  });
  closers.push(async () => far.destroy());
  for (const address of addresses) {
    const write = (bytes: Uint8Array) => void far.write(bytes).catch(() => undefined);
    const now = () => performance.now();
    peripherals.set(address, createOsdpPeripheral({ address, scbk: Buffer.from(scbk, 'hex'), now, write }));
  }
  const input = new PassThrough();
  const output = new PassThrough().setEncoding('utf8');
  let text = '';
  output.on('data', (chunk: string) => {
    text += chunk;
  });
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const code = osdpTool({
    argv: ['--path', pair.pathA, ...addresses.flatMap((address) => ['--address', String(address)]), ...more],
    input,
    output,
    errors: { write: (line) => expect.fail(line) },
    openPort: openSerialPort,
    clock: systemClock,
    random: Math.random,
    stopped,
    unitLimits: { retryMs: 100, offlineMs: 600 },
  });
  closers.push(async () => {
    stop();
    expect(await code).toBe(0);
  });
  const lines = () =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line): Record<string, unknown> => JSON.parse(line));
  const seen = (fields: Record<string, unknown>, times = 1) =>
    lines().filter((line) => Object.entries(fields).every(([name, value]) => line[name] === value)).length >= times;
  return {
    peripheral: (address: number) => {
      const found = peripherals.get(address);
      if (!found) throw new Error(`no peripheral ${address}`);
      return found;
    },
    say: (line: object | string) => void input.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`),
    endInput: () => void input.end(),
    lines,
    shows: (fields: Record<string, unknown>, times = 1) =>
      eventually(`${JSON.stringify(fields)} in ${text}`, () => seen(fields, times)),
  };
}

describe.each([
  ['in the clear', false],
  ['sealed', true],
])('%s, over a pty', (_name, withKey) => {
  test('cards and keys come as lines, commands go in as lines, the end of the input ends nothing', async () => {
    const tool = await start([101], ...(withKey ? ['--scbk', scbk] : []));
    await tool.shows({ kind: 'state', address: 101, state: 'online', secure: withKey });
    const peripheral = tool.peripheral(101);
    peripheral.card(0, 1, 26, [0x2d, 0x00, 0xa2, 0x00]);
    peripheral.keys(0, '12#');
    await tool.shows({ kind: 'tap', uid: '5A0144', address: 101, facility: 90, card: 324 });
    await tool.shows({ kind: 'keypad', keys: '12#', address: 101 });
    tool.say({ command: 'led', color: 'red', id: 'lamp' });
    tool.say({ command: 'buzzer', repeats: 2 });
    tool.say({ command: 'text', text: '36.5 OK', seconds: 3, address: 101 });
    tool.say({ cmd: 'output', timerMs: 3_000, id: 'gate' });
    tool.endInput();
    await tool.shows({ kind: 'result', id: 'gate', outcome: 'done' });
    expect(peripheral.done.map(({ what, wasSecure }) => [what, wasSecure])).toEqual([
      ['led', withKey],
      ['buzzer', withKey],
      ['text', withKey],
      ['output', withKey],
    ]);
    expect(peripheral.done.at(-1)?.dataHex).toBe('00051e00');
    peripheral.card(0, 0, 32, [1, 2, 3, 4]);
    await tool.shows({ kind: 'tap', uid: '01020304' });
    expect(tool.lines().filter((line) => line.kind === 'tap')).toHaveLength(2);
  });

  test('wrong CRCs, wrong numbers, silence: no card lost or doubled, and the device comes back', async () => {
    const tool = await start([5], ...(withKey ? ['--scbk', scbk] : []));
    await tool.shows({ kind: 'state', state: 'online' });
    const peripheral = tool.peripheral(5);
    for (const fault of ['wrongCrc', 'silent', 'wrongSequence'] as const) {
      peripheral.faults[fault] = 1;
      peripheral.card(0, 0, 24, [...Buffer.from(fault.slice(-3))]);
      await tool.shows({ kind: 'tap', uid: Buffer.from(fault.slice(-3)).toString('hex').toUpperCase() });
    }
    peripheral.faults.silent = 1_000_000;
    await tool.shows({ kind: 'state', state: 'offline', reason: 'silent' });
    tool.say({ command: 'output', id: 'late' });
    await tool.shows({ kind: 'result', id: 'late', outcome: 'dropped' });
    peripheral.faults.silent = 0;
    await tool.shows({ kind: 'state', state: 'online' }, 2);
    expect(peripheral.done).toEqual([]);
    expect(tool.lines().filter((line) => line.kind === 'tap')).toHaveLength(3);
  });
});

test('two devices on one line, each with its own cards and commands', async () => {
  const tool = await start([1, 2], '--scbk', scbk);
  await tool.shows({ kind: 'state', address: 1, state: 'online' });
  await tool.shows({ kind: 'state', address: 2, state: 'online' });
  tool.peripheral(1).card(0, 0, 32, [1, 1, 1, 1]);
  tool.peripheral(2).card(0, 0, 32, [2, 2, 2, 2]);
  await tool.shows({ kind: 'tap', uid: '01010101', address: 1 });
  await tool.shows({ kind: 'tap', uid: '02020202', address: 2 });
  tool.say({ command: 'output', id: 'nobody' });
  await tool.shows({ kind: 'error', line: 1 });
  tool.say({ command: 'output', id: 'two', address: 2 });
  await tool.shows({ kind: 'result', id: 'two', outcome: 'done', address: 2 });
  expect(tool.peripheral(1).done).toEqual([]);
});

test('lines that say nothing are answered in words, and the next one counts', async () => {
  const tool = await start([9]);
  await tool.shows({ kind: 'state', state: 'online' });
  const wrong = ['{', '[]', '1', '{"command":"explode"}', '{"command":"led","colour":"red"}', '{"command":"text"}'];
  for (const line of [...wrong, `{"command":"text","text":"${'x'.repeat(5_000)}"}`, '{"command":"led","color":{}}']) {
    tool.say(line);
  }
  tool.say({ command: 'led', id: 'good' });
  await tool.shows({ kind: 'result', id: 'good', outcome: 'done' });
  const errors = tool.lines().filter((line) => line.kind === 'error');
  expect(errors.map((line) => line.line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  for (const { message } of errors) expect(message).toMatch(/[\u4e00-\u9fff].* \| .*[a-z]/);
});

test('a port that is not there is said once, and looked for again', async () => {
  const lines: string[] = [];
  let attempts = 0;
  const code = osdpTool({
    argv: ['--path', '/nonexistent/tty', '--address', '1'],
    input: new PassThrough(),
    output: { write: (line) => lines.push(line) > 0, once: () => undefined },
    errors: { write: (line) => expect.fail(line) },
    openPort: (...port) => {
      attempts += 1;
      return openSerialPort(...port);
    },
    clock: systemClock,
    random: () => 0,
    stopped: pause(400),
  });
  expect(await code).toBe(0);
  expect(attempts).toBeGreaterThan(1);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { kind: 'state', address: 1, state: 'offline', reason: 'line-gone' },
    { kind: 'port', state: 'gone', reason: 'absent' },
  ]);
});

describe('how it is called', () => {
  test.each([
    [[]],
    [['--path', '/dev/x']],
    [['--address', '1']],
    [['--path', '/dev/x', '--address', '128']],
    [['--path', '/dev/x', '--address', 'one']],
    [['--path', '/dev/x', ...Array.from({ length: 33 }, (_, index) => ['--address', String(index)]).flat()]],
    [['--path', '/dev/x', '--address', '1', '--address', '1']],
    [['--path', '/dev/x', '--address', '1', '--address', '127']],
    [['--path', '/dev/x', '--address', '1', '--baud', '1200']],
    [['--path', '/dev/x', '--address', '1', '--scbk', '00']],
    [['--path', '/dev/x', '--address', '1', '--scbk', `${scbk}00`]],
    [['--path', '/dev/x', '--address', '1', '--scbk', 'z'.repeat(32)]],
    [['--path', '/dev/x', '--address', '1', '--check', 'none']],
    [['--path', '/dev/x', '--address', '1', '--colour', 'red']],
  ])('%j is one sentence in both languages and exit code 2', async (argv) => {
    const errors: string[] = [];
    const code = await osdpTool({
      argv,
      input: new PassThrough(),
      output: { write: () => expect.fail('printed'), once: () => undefined },
      errors: { write: (line) => errors.push(line) },
      openPort: () => expect.fail('opened'),
      clock: systemClock,
      random: Math.random,
      stopped: Promise.resolve(),
    });
    expect(code).toBe(2);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/[\u4e00-\u9fff].* \| .*[a-z].*\n$/);
  });

  test('a command has an identity, an address and a time of its own, within bounds', () => {
    expect(orderOfLine('{"command":"led","id":7,"withinMs":10000}', [3], '1')).toMatchObject({
      address: 3,
      id: '7',
      forMs: 10_000,
    });
    expect(orderOfLine('{"command":"led"}', [3], '12')).toMatchObject({ id: '12', forMs: 1_000 });
    for (const line of [
      '{"command":"led","withinMs":0}',
      '{"command":"led","withinMs":10001}',
      '{"command":"led","address":4}',
    ]) {
      expect(() => orderOfLine(line, [3], '1')).toThrow(RangeError);
    }
  });
});
