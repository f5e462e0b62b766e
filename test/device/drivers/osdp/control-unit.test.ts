// The control unit by itself: its times at their boundaries, its numbers, and whatever sound packets a line may carry.
import { describe, expect, test } from 'vitest';
import { commandOf } from '../../../../device/drivers/osdp/commands.ts';
import { createControlUnit, limits, type UnitEvent } from '../../../../device/drivers/osdp/control-unit.ts';
import { createPacketFramer } from '../../../../device/drivers/osdp/framing.ts';
import { type Head, type Packet, plainFrame } from '../../../../device/drivers/osdp/packet.ts';
import { defaultKey } from '../../../../device/drivers/osdp/secure-channel.ts';
import { nodeCipher } from '../../../../device/osdp-crypto.ts';
import { createOsdpPeripheral } from '../../../kit/osdp-peripheral.ts';
import { noiseBytes, seeded } from '../../byte-tools.ts';

const secure = { cipher: nodeCipher, key: defaultKey, random: () => Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1) };

function packetsIn(bytes: Uint8Array): Packet[] {
  return createPacketFramer()
    .push(bytes)
    .flatMap((found) => (found.kind === 'packet' ? [found] : []));
}

/** A unit that is online with a peripheral; `say` makes one exchange. */
function online(withKey: boolean) {
  const replies: Uint8Array[] = [];
  const peripheral = createOsdpPeripheral({ address: 3, now: () => 0, write: (bytes) => replies.push(bytes) });
  const unit = createControlUnit({ address: 3, secure: withKey ? secure : null });
  const say = (nowMs: number): UnitEvent[] => {
    const { frame, events } = unit.begin(nowMs);
    peripheral.take(frame);
    const packet = packetsIn(replies.shift() ?? new Uint8Array(0))[0];
    return [...events, ...((packet && unit.take(packet, nowMs)) ?? unit.silent(nowMs))];
  };
  const states = [0, 1, 2, 3].flatMap(say).filter((event) => event.is === 'state');
  expect(states).toMatchObject([{ state: 'online', secure: withKey }]);
  return { unit, peripheral, say };
}

const sequenceOf = (frame: Uint8Array) => (frame[5] ?? 0) & 3;

describe.each([false, true])('sealed: %s', (withKey) => {
  test('the first command carries 0, then 1, 2, 3, 1, and the same again when there was no reply', () => {
    const { unit, peripheral, say } = online(withKey);
    const start = createControlUnit({ address: 3, secure: null });
    expect(sequenceOf(start.begin(0).frame)).toBe(0);
    const numbers = [10, 11, 12, 13].map((nowMs) => {
      const number = sequenceOf(unit.begin(nowMs).frame);
      say(nowMs);
      return number;
    });
    expect(
      numbers.map((number, index) => (index === 0 ? true : number === ((numbers[index - 1] ?? 0) % 3) + 1)),
    ).toEqual([true, true, true, true]);
    peripheral.faults.silent = 1;
    const unanswered = unit.begin(20).frame;
    say(20);
    expect(unit.begin(70).frame).toEqual(unanswered);
  });

  test.each([
    [limits.offlineMs - 1, false],
    [limits.offlineMs, true],
    [limits.offlineMs + 1, true],
  ])('%i ms after its last reply a mute device is offline: %s', (afterMs, isOffline) => {
    const { unit, peripheral, say } = online(withKey);
    say(1_000);
    peripheral.faults.silent = 1_000;
    unit.begin(1_000 + afterMs);
    const events = unit.silent(1_000 + afterMs);
    expect(events.some((event) => event.is === 'state' && event.state === 'offline')).toBe(isOffline);
  });

  test.each([
    [999, 'sent'],
    [1_000, 'expired'],
    [1_001, 'expired'],
  ])('a command that may be sent until 1000 is %s/%s', (nowMs, what) => {
    const { unit, peripheral, say } = online(withKey);
    expect(unit.order('gate', commandOf('output', {}), 1_000)).toBe(true);
    const results = say(nowMs).filter((event) => event.is === 'result');
    expect(results).toMatchObject([{ id: 'gate', outcome: what === 'sent' ? 'done' : 'expired' }]);
    expect(peripheral.done).toHaveLength(what === 'sent' ? 1 : 0);
  });

  test('a unit that is not online takes no command', () => {
    const unit = createControlUnit({ address: 3, secure: withKey ? secure : null });
    expect(unit.order('gate', commandOf('output', {}), 1_000)).toBe(false);
  });

  test('sound packets of any content raise nothing; only a card that is waited for is a card', () => {
    const random = seeded(withKey ? 5 : 6);
    const below = (max: number) => Math.floor(random() * max);
    const codes = [0x40, 0x41, 0x45, 0x46, 0x50, 0x51, 0x53, 0x54, 0x76, 0x78, 0x79];
    let { unit } = online(withKey);
    let taps = 0;
    let wasOnline = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const nowMs = 1_000 + round * 60;
      const { frame } = unit.begin(nowMs);
      const type = 0x11 + below(8);
      const head: Head = {
        address: random() < 0.9 ? 3 : below(128),
        isReply: random() < 0.9,
        sequence: random() < 0.9 ? sequenceOf(frame) : below(4),
        hasCrc: random() < 0.9,
        hasMark: random() < 0.5,
        security: random() < 0.8 ? null : Uint8Array.of(type, below(3)),
      };
      const code = random() < 0.9 ? (codes[below(codes.length)] ?? 0) : below(256);
      const cardBytes = 1 + below(8);
      const card = Uint8Array.of(0, below(3), cardBytes * 8, 0, ...noiseBytes(cardBytes, random));
      const data = random() < 0.5 ? noiseBytes(below(48), random) : card;
      for (const packet of packetsIn(plainFrame(head, code, data))) {
        const events = unit.take(packet, nowMs) ?? [];
        const isOurs = packet.isReply && packet.address === 3 && packet.security === null;
        const isWaitedFor = isOurs && packet.sequence === sequenceOf(frame);
        for (const event of events) {
          if (event.is !== 'event' || event.event.kind !== 'tap') continue;
          taps += 1;
          expect(isWaitedFor && (packet.code === 0x50 || packet.code === 0x51)).toBe(true);
        }
      }
      if (random() < 0.3) unit.silent(nowMs);
      if (unit.order('x', commandOf('led', {}), nowMs + 100)) wasOnline += 1;
      else if (random() < 0.5) unit = online(withKey).unit;
    }
    expect(wasOnline).toBeGreaterThan(1_000);
    if (withKey) expect(taps).toBe(0);
    else expect(taps).toBeGreaterThan(100);
  });
});

test('a new device is asked with the key of type 0, and proves it', () => {
  const { peripheral } = online(true);
  expect(peripheral.isSecure()).toBe(true);
});
