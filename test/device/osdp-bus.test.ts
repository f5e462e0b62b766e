// The control unit on its line against a peripheral that shares no code with it: plain and sealed, news and commands, every fault.
import { describe, expect, test } from 'vitest';
import { commandOf } from '../../device/drivers/osdp/commands.ts';
import { createControlUnit, type UnitEvent, type UnitOptions } from '../../device/drivers/osdp/control-unit.ts';
import { createPacketFramer } from '../../device/drivers/osdp/framing.ts';
import { createOsdpBus } from '../../device/osdp-bus.ts';
import { nodeCipher } from '../../device/osdp-crypto.ts';
import { PortError } from '../../device/port-error.ts';
import type { PortHandlers } from '../../device/ports.ts';
import { createOsdpPeripheral, type OsdpPeripheral } from '../kit/osdp-peripheral.ts';
import { noiseBytes, seeded } from './byte-tools.ts';
import { createManualClock, settle } from './manual-clock.ts';

const key = Uint8Array.from({ length: 16 }, (_, index) => index * 7 + 1);
let challenges = 0;
const secure = {
  cipher: nodeCipher,
  key,
  random: () => {
    challenges += 1;
    return Uint8Array.of(1, 2, 3, 4, 5, 6, challenges >> 8, challenges & 0xff);
  },
};

type Line = Awaited<ReturnType<typeof createLine>>;

/** A line with these peripherals, at address 1, 2, ... ; frames take 10 ms. */
async function createLine(count = 1, withKey = false, options: Partial<UnitOptions> = {}) {
  const clock = createManualClock(0);
  const events: { address: number; event: UnitEvent }[] = [];
  const ports: string[] = [];
  const sent: string[] = [];
  let handlers: PortHandlers | null = null;
  let isThere = true;
  let isStuck = false;
  /** What stands in front of each reply: noise, an echo. */
  let before: (frame: Uint8Array) => Uint8Array[] = () => [];
  const deliver = (bytes: Uint8Array) => {
    const to = handlers;
    clock.setTimer(() => to?.data(bytes), 10);
  };
  const peripherals = Array.from({ length: count }, (_, index) =>
    createOsdpPeripheral({ address: index + 1, scbk: key, now: clock.nowMs, write: deliver }),
  );
  const bus = createOsdpBus({
    path: '/dev/line',
    baudRate: 9_600,
    clock,
    random: () => 0,
    units: peripherals.map((_, index) => ({ address: index + 1, secure: withKey ? secure : null, ...options })),
    openPort: async (_path, _baud, given) => {
      if (!isThere) throw new PortError('absent', 'no such device');
      handlers = given;
      return {
        write: (bytes) => {
          if (isStuck) return new Promise(() => undefined);
          sent.push(Buffer.from(bytes).toString('hex'));
          for (const piece of before(bytes)) deliver(piece);
          for (const peripheral of peripherals) peripheral.take(bytes);
          return Promise.resolve();
        },
        destroy: () => {
          if (handlers === given) handlers = null;
        },
        stillThere: async () => isThere,
      };
    },
    onEvent: (address, event) => events.push({ address, event }),
    onPort: (state, reason) => ports.push(reason === null ? state : `${state} ${reason}`),
  });
  bus.start();
  await settle();
  return {
    clock,
    bus,
    events,
    ports,
    sent,
    peripherals,
    first: peripherals[0] as OsdpPeripheral,
    precede: (how: typeof before) => {
      before = how;
    },
    unplug: () => {
      isThere = false;
      const last = handlers;
      handlers = null;
      last?.gone('unplugged');
    },
    plug: () => {
      isThere = true;
    },
    stick: (stuck: boolean) => {
      isStuck = stuck;
    },
  };
}

const statesOf = (line: Line, address = 1) =>
  line.events.flatMap(({ address: from, event }) =>
    event.is === 'state' && from === address
      ? [event.reason === null ? event.state : `${event.state} ${event.reason}`]
      : [],
  );
const newsOf = (line: Line, address = 1) =>
  line.events.flatMap(({ address: from, event }) => (event.is === 'event' && from === address ? [event.event] : []));
const tapsOf = (line: Line, address = 1) =>
  newsOf(line, address).flatMap((event) => (event.kind === 'tap' ? [event.uid] : []));
const resultsOf = (line: Line) =>
  line.events.flatMap(({ event }) => (event.is === 'result' ? [`${event.id} ${event.outcome}`] : []));
const card = [0x3a, 0x00, 0x12, 0x7a];
const order = (line: Line, id: string, name: 'led' | 'buzzer' | 'text' | 'output', options = {}, address = 1) =>
  line.bus.order(address, id, commandOf(name, options), 1_000);

describe.each([
  ['in the clear', false],
  ['sealed', true],
])('%s', (_name, withKey) => {
  const ready = async (count = 1) => {
    const line = await createLine(count, withKey);
    await line.clock.advance(500);
    return line;
  };

  test('a device is identified, asked what it can do, and online', async () => {
    const line = await ready();
    expect(statesOf(line)).toEqual(['online']);
    expect(line.events.find(({ event }) => event.is === 'state')?.event).toMatchObject({ secure: withKey });
    expect(line.first.isSecure()).toBe(withKey);
    expect(
      newsOf(line)
        .map((event) => (event.kind === 'setting' ? event.says.reply : event.kind))
        .slice(0, 2),
    ).toEqual(['PDID', 'PDCAP']);
  });

  test('cards and keys come once each, in order, however long one waits', async () => {
    const line = await ready();
    line.first.card(0, 1, 26, [0x2d, 0x00, 0xa2, 0x00]);
    line.first.keys(0, '1234#');
    line.first.card(1, 0, 32, card);
    await line.clock.advance(5_000);
    const news = newsOf(line).filter((event) => event.kind !== 'setting');
    expect(news).toMatchObject([
      { kind: 'tap', uid: '5A0144', also: { reader: 0, facility: 90, card: 324 } },
      { kind: 'keypad', says: { keys: '1234#' } },
      { kind: 'tap', uid: '3A00127A', also: { reader: 1 } },
    ]);
    expect(line.bus.health()).toMatchObject({ rejected: 0, unsolicited: 0, unanswered: 0 });
  });

  test('LED, buzzer, text and a timed output are carried out as they were meant, and said to be done', async () => {
    const line = await ready();
    order(line, 'a', 'led', { color: 'green', timerMs: '2000' });
    order(line, 'b', 'buzzer', { onMs: '200', offMs: '100', repeats: '3' });
    order(line, 'c', 'text', { text: '36.5 OK', seconds: '5' });
    order(line, 'd', 'output', { timerMs: '3000' });
    await line.clock.advance(1_000);
    expect(resultsOf(line)).toEqual(['a done', 'b done', 'c done', 'd done']);
    expect(line.first.done).toEqual([
      { what: 'led', dataHex: '0000020100020014000000000000', wasSecure: withKey },
      { what: 'buzzer', dataHex: '0002020103', wasSecure: withKey },
      { what: 'text', dataHex: '00030501010733362e35204f4b', wasSecure: withKey },
      { what: 'output', dataHex: '00051e00', wasSecure: withKey },
    ]);
    const untilMs = line.first.outputUntilMs ?? 0;
    expect(untilMs).toBeGreaterThan(3_000);
    expect(untilMs).toBeLessThan(5_000);
  });

  test('a poll comes each 50 ms at most, and not much later', async () => {
    const line = await ready();
    const before = line.first.heard;
    await line.clock.advance(10_000);
    expect(line.first.heard - before).toBeGreaterThan(10_000 / 80);
    expect(line.first.heard - before).toBeLessThanOrEqual(10_000 / 50);
  });

  test.each(['wrongCrc', 'silent', 'busy'] as const)('%s: a card and a command come through, once', async (fault) => {
    const line = await ready();
    line.first.card(0, 0, 32, card);
    line.first.faults[fault] = 3;
    order(line, 'gate', 'output', { timerMs: '1000' });
    await line.clock.advance(3_000);
    expect(tapsOf(line)).toEqual(['3A00127A']);
    expect(line.first.done).toHaveLength(1);
    expect(resultsOf(line)).toEqual(['gate done']);
    expect(statesOf(line)).toEqual(['online']);
  });

  test('a reply with another number is not taken for an answer', async () => {
    const line = await ready();
    line.first.card(0, 0, 32, card);
    line.first.faults.wrongSequence = 2;
    await line.clock.advance(2_000);
    expect(tapsOf(line)).toEqual(['3A00127A']);
    expect(line.bus.health().unsolicited).toBeGreaterThanOrEqual(2);
    expect(statesOf(line)).toEqual(['online']);
  });

  test('a device that lost count is begun with anew, and nothing that was asked before is carried out', async () => {
    const line = await ready();
    line.first.reboot();
    order(line, 'gate', 'output');
    await line.clock.advance(2_000);
    expect(statesOf(line)).toEqual(['online', `offline ${withKey ? 'session-refused' : 'sequence'}`, 'online']);
    expect(resultsOf(line)).toHaveLength(1);
    expect(resultsOf(line)[0]).not.toContain('done');
    expect(line.first.done).toEqual([]);
    line.first.card(0, 0, 32, card);
    await line.clock.advance(500);
    expect(tapsOf(line)).toEqual(['3A00127A']);
  });

  test('what waited when the count was lost is dropped and said to be, also once the device is back', async () => {
    const line = await ready();
    line.first.faults.silent = 1;
    order(line, 'a', 'output');
    order(line, 'b', 'output');
    order(line, 'c', 'led');
    line.first.reboot();
    await line.clock.advance(3_000);
    expect(statesOf(line).at(-1)).toBe('online');
    expect(resultsOf(line)).toEqual(['a unanswered', 'b dropped', 'c dropped']);
    expect(line.first.done).toEqual([]);
  });

  test('a reply that stands inside what only looked like a longer frame is taken when its time is over', async () => {
    const line = await ready();
    const before = line.bus.health().unanswered;
    line.precede(() => [Uint8Array.of(0xff, 0x53, 0x81, 0xf4, 0x01, 0x04)]);
    line.first.card(0, 0, 32, card);
    await line.clock.advance(2_000);
    expect(tapsOf(line)).toEqual(['3A00127A']);
    expect(line.bus.health().unanswered).toBe(before);
  });

  test('silence: offline after 8 s, back by itself, and commands asked for meanwhile are not kept', async () => {
    const line = await ready();
    line.first.faults.silent = 1_000_000;
    order(line, 'early', 'output', { timerMs: '1000' });
    await line.clock.advance(7_000);
    expect(statesOf(line)[0]).toBe('online');
    await line.clock.advance(12_000);
    expect(statesOf(line)).toContain('offline silent');
    expect(order(line, 'late', 'output')).toBe(false);
    line.first.faults.silent = 0;
    const before = line.first.done.length;
    await line.clock.advance(3_000);
    expect(statesOf(line).at(-1)).toBe('online');
    expect(line.first.done).toHaveLength(before);
    expect(resultsOf(line)).toEqual(['early unanswered']);
  });

  test('a command whose time is over while the device is mute is not sent again', async () => {
    const line = await ready();
    line.first.faults.silent = 1_000_000;
    order(line, 'gate', 'output', { timerMs: '1000' });
    await line.clock.advance(400);
    const asked = line.sent.at(-1);
    await line.clock.advance(700);
    const before = line.sent.length;
    expect(line.sent.filter((frame) => frame === asked).length).toBeGreaterThan(1);
    await line.clock.advance(1_500);
    expect(resultsOf(line)).toEqual(['gate unanswered']);
    // It was heard once by the device that could not answer, and never again after its time.
    expect(line.first.done).toHaveLength(1);
    expect(line.sent.slice(before)).not.toContain(asked);
    line.first.faults.silent = 0;
    await line.clock.advance(3_000);
    expect(line.first.done).toHaveLength(1);
  });

  test('a command that cannot be, is refused by the device and said so', async () => {
    const line = await ready();
    line.bus.order(1, 'x', { code: 0xfe, data: new Uint8Array(0) }, 1_000);
    line.bus.order(1, 'y', { code: 0x68, data: Uint8Array.of(0) }, 1_000);
    await line.clock.advance(500);
    expect(resultsOf(line)).toEqual(['x refused', 'y refused']);
    expect(line.events.filter(({ event }) => event.is === 'result').map(({ event }) => event)).toMatchObject([
      { code: 3 },
      { code: 2 },
    ]);
    expect(statesOf(line)).toEqual(['online']);
  });

  test('unplugged: everything that was asked for is dropped; plugged in again: online, nothing old comes out', async () => {
    const line = await ready();
    order(line, 'a', 'output');
    order(line, 'b', 'output');
    line.unplug();
    expect(resultsOf(line)).toEqual(expect.arrayContaining(['b dropped']));
    expect(statesOf(line).at(-1)).toBe('offline line-gone');
    await line.clock.advance(20_000);
    line.plug();
    const done = line.first.done.length;
    await line.clock.advance(6_000);
    expect(line.ports[0]).toBe('open');
    expect(line.ports[1]).toBe('gone unplugged');
    expect(line.ports.at(-1)).toBe('open');
    expect(statesOf(line).at(-1)).toBe('online');
    expect(line.first.done).toHaveLength(done);
  });

  test('two devices on one line both get their turn; the silence of one does not hide the other', async () => {
    const line = await ready(2);
    expect(statesOf(line, 1)).toEqual(['online']);
    expect(statesOf(line, 2)).toEqual(['online']);
    const [one, two] = line.peripherals;
    one?.card(0, 0, 32, card);
    two?.card(0, 0, 32, [1, 2, 3, 4]);
    order(line, 'two', 'led', {}, 2);
    await line.clock.advance(1_000);
    expect(tapsOf(line, 1)).toEqual(['3A00127A']);
    expect(tapsOf(line, 2)).toEqual(['01020304']);
    expect(one?.done).toEqual([]);
    expect(two?.done).toHaveLength(1);
    if (one) one.faults.silent = 1_000_000;
    for (let second = 0; second < 30; second += 1) {
      two?.card(0, 0, 8, [second]);
      await line.clock.advance(1_000);
    }
    expect(tapsOf(line, 2)).toHaveLength(31);
    expect(statesOf(line, 1)).toEqual(['online', 'offline silent']);
    expect(statesOf(line, 2)).toEqual(['online']);
  });

  test('noise before each reply and an echo of each command change nothing', async () => {
    const line = await ready();
    const random = seeded(3);
    line.precede((frame) => [frame, noiseBytes(Math.floor(random() * 6), random)]);
    line.first.card(0, 0, 32, card);
    order(line, 'gate', 'output');
    await line.clock.advance(4_000);
    expect(tapsOf(line)).toEqual(['3A00127A']);
    expect(line.first.done).toHaveLength(1);
    expect(statesOf(line)).toEqual(['online']);
  });

  test('memory stays bounded: no more than 16 commands wait', async () => {
    const line = await ready();
    line.first.faults.silent = 1_000_000;
    const taken = Array.from({ length: 100 }, (_, index) => order(line, String(index), 'led')).filter(Boolean);
    expect(taken).toHaveLength(16);
  });

  test('a write that hangs costs the port, and the line comes back without what was asked', async () => {
    const line = await ready();
    line.stick(true);
    order(line, 'gate', 'output');
    await line.clock.advance(2_000);
    expect(line.ports).toContain('gone write-late');
    line.stick(false);
    await line.clock.advance(6_000);
    expect(statesOf(line).at(-1)).toBe('online');
    expect(line.first.done).toEqual([]);
    line.bus.stop();
    await line.clock.advance(10_000);
    expect(line.clock.armed()).toBe(0);
  });
});

test('on a full line of eight each gets as many turns as the others', async () => {
  const line = await createLine(8);
  await line.clock.advance(20_000);
  const heard = line.peripherals.map((peripheral) => peripheral.heard);
  expect(Math.min(...heard)).toBeGreaterThan(60);
  expect(Math.max(...heard) - Math.min(...heard)).toBeLessThanOrEqual(2);
});

describe('sealed only', () => {
  test('a device with another key is never talked to in the clear instead', async () => {
    const line = await createLine(1, true);
    line.first.faults.otherKey = true;
    await line.clock.advance(60_000);
    expect(statesOf(line)).toEqual(['offline key-refused']);
    line.first.card(0, 0, 32, card);
    await line.clock.advance(20_000);
    expect(tapsOf(line)).toEqual([]);
    // Tries of the key are rare: identity, capabilities, challenge, each ten seconds.
    expect(line.first.heard).toBeLessThan((80_000 / 10_000) * 3 + 4);
    line.first.faults.otherKey = false;
    await line.clock.advance(12_000);
    expect(statesOf(line).at(-1)).toBe('online');
    expect(tapsOf(line)).toEqual(['3A00127A']);
  });

  test('a wrong MAC ends the session; a new one is made with new random numbers', async () => {
    const line = await createLine(1, true);
    await line.clock.advance(500);
    line.first.faults.wrongMac = 1;
    line.first.card(0, 0, 32, card);
    await line.clock.advance(2_000);
    // The card was in the reply that could not be trusted.
    expect(tapsOf(line)).toEqual([]);
    expect(statesOf(line)).toEqual(['online', 'offline wrong-mac', 'online']);
    const randoms = newsOf(line).flatMap((event) =>
      event.kind === 'setting' && event.says.reply === 'CCRYPT' ? [event.says.random] : [],
    );
    expect(new Set(randoms).size).toBe(2);
  });

  test('a card in the clear is not believed while the line is sealed', async () => {
    const clock = { nowMs: 0 };
    const replies: Uint8Array[] = [];
    const peripheral = createOsdpPeripheral({
      address: 1,
      scbk: key,
      now: () => 0,
      write: (bytes) => replies.push(bytes),
    });
    const unit = createControlUnit({ address: 1, secure });
    const framer = createPacketFramer();
    const exchange = (change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes) => {
      clock.nowMs += 60;
      const { frame } = unit.begin(clock.nowMs);
      peripheral.take(frame);
      const packet = framer.push(change(replies.shift() ?? new Uint8Array(0)))[0];
      return packet?.kind === 'packet' ? unit.take(packet, clock.nowMs) : null;
    };
    for (let step = 0; step < 5; step += 1) exchange();
    expect(peripheral.isSecure()).toBe(true);
    const forged = createOsdpPeripheral({ address: 1, now: () => 0, write: (bytes) => replies.push(bytes) });
    const events = exchange((bytes) => {
      // The same number, an identity of its own: a plain device in the place of the sealed one.
      const sequence = (bytes[5] ?? 0) & 3;
      forged.card(0, 0, 32, card);
      replies.length = 0;
      for (let number = 0; number <= sequence; number += 1) forged.take(pollFrame(number));
      return replies.at(-1) ?? new Uint8Array(0);
    });
    expect(events).toMatchObject([{ is: 'state', state: 'offline', reason: 'reply-in-the-clear' }]);
  });
});

describe('whatever a line can say', () => {
  test.each([
    false,
    true,
  ])('noise, torn and altered frames raise nothing and make no card (sealed: %s)', async (withKey) => {
    const random = seeded(withKey ? 11 : 12);
    const line = await createLine(1, withKey);
    for (let round = 0; round < 300; round += 1) {
      line.precede((frame) => {
        const bytes = random() < 0.5 ? noiseBytes(Math.floor(random() * 700), random) : Uint8Array.from(frame);
        if (random() < 0.5 && bytes.length > 2)
          bytes[1 + Math.floor(random() * (bytes.length - 1))] = Math.floor(random() * 256);
        if (bytes.length > 2 && random() < 0.5) bytes[2] = (bytes[2] ?? 0) | 0x80;
        return [bytes];
      });
      await line.clock.advance(200);
    }
    expect(tapsOf(line)).toEqual([]);
    expect(newsOf(line).filter((event) => event.kind === 'keypad')).toEqual([]);
    line.precede(() => []);
    await line.clock.advance(12_000);
    expect(statesOf(line).at(-1)).toBe('online');
  });
});

/** A plain poll, by hand. */
function pollFrame(sequence: number): Uint8Array {
  const body = [0x53, 0x01, 8, 0, 0x04 | sequence, 0x60];
  let crc = 0x1d0f;
  for (const byte of body) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return Uint8Array.from([0xff, ...body, crc & 0xff, crc >> 8]);
}
