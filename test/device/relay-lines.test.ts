// Relay boards behind a whole bridge over a real pty: OFF first on every connection, a pulse for an admission in the journal, lengthened by
// the next one, refused while the board is away, and nothing of it left after a replug. The bytes are those of the data sheets.
import { afterEach, describe, expect, test } from 'vitest';
import type { BarrierConfig } from '../../device/config.ts';
import { openSerialPort } from '../../device/serial-port.ts';
import type { EntryBody } from '../../src/domain/entry.ts';
import { freePort } from '../kit/programs.ts';
import { eventually, type PtyDevice, pause, ptyDevice } from '../kit/pty.ts';
import { admission, type Page, pageWriter, startRig } from './bridge-kit.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

const pulseMs = 500;

/** ON and OFF as the boards' own papers print them; the Modbus checks are those of any calculator, not of our driver. */
const boards = [
  { profile: 'lcus', channel: 2, on: 'a00201a3', off: 'a00200a2' },
  { profile: 'hw-667', channel: 1, on: 'aa', off: 'bb' },
  { profile: 'modbus-relay', channel: 2, on: '01050001ff00ddfa', off: '0105000100009c0a' },
] as const;

type Lane = {
  relay: PtyDevice;
  page: Page;
  offer(body: EntryBody): Promise<string>;
  heard(): string[];
  state(): string;
};

async function lane(board: (typeof boards)[number]): Promise<Lane> {
  const relay = await ptyDevice();
  cleanUp.push(() => relay.close());
  const config: BarrierConfig = {
    ...{ role: 'barrier', deviceId: 'barrier-1', profile: board.profile, path: relay.path, baudRate: 9_600 },
    ...{ options: {}, channel: board.channel, pulseMs },
  };
  const rig = await startRig(await freePort(), [config], openSerialPort);
  cleanUp.push(() => rig.stop());
  const page = await rig.page();
  cleanUp.push(() => page.close());
  const write = pageWriter();
  let asked = 0;
  const size = board.on.length;
  return {
    relay,
    page,
    // Commands are written whole, one behind the other: anything else would not cut into them.
    heard: () => relay.receivedHex().match(new RegExp(`.{1,${size}}`, 'g')) ?? [],
    state: () => {
      const told = page.messages.findLast((one) => one.type === 'device');
      return told?.type === 'device' ? told.status.state : (page.hello.devices[0]?.state ?? '');
    },
    async offer(body) {
      asked += 1;
      const id = asked;
      page.send({ type: 'ping', id });
      const { monoMs } = await page.next('pong', (pong) => pong.id === id);
      const envelope = write(body);
      page.send({ type: 'append', envelope, open: { notAfterMs: monoMs + 900 } });
      const pulse = await page.next('pulse', ({ entryId }) => entryId === envelope.entryId);
      await page.next('journaled', ({ entryId }) => entryId === envelope.entryId);
      return pulse.outcome;
    },
  };
}

describe.each(boards)('$profile', (board) => {
  const { on, off } = board;

  test('OFF first and twice, then a pulse for an admission and none for a denial', { timeout: 30_000 }, async () => {
    const { heard, offer } = await lane(board);
    await eventually('OFF twice', () => heard().length >= 2);
    expect(heard()).toEqual([off, off]);
    expect(await offer(admission({ verdict: 'deny', reason: 'referral-open', shownTenths: null }))).toBe('refused');
    expect(heard()).toEqual([off, off]);
    const startMs = performance.now();
    expect(await offer(admission())).toBe('sent');
    await eventually('ON', () => heard().length === 3);
    await eventually('OFF', () => heard().length === 5, 10_000);
    expect(heard()).toEqual([off, off, on, off, off]);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(pulseMs);
  });

  test('a pulse during a pulse lengthens it: ON again, and OFF only behind the later end', {
    timeout: 30_000,
  }, async () => {
    const { heard, offer } = await lane(board);
    await eventually('OFF twice', () => heard().length >= 2);
    expect(await offer(admission())).toBe('sent');
    await pause(pulseMs / 2);
    const secondMs = performance.now();
    expect(await offer(admission())).toBe('sent');
    await eventually('OFF', () => heard().length >= 6, 10_000);
    expect(performance.now() - secondMs).toBeGreaterThanOrEqual(pulseMs);
    expect(heard()).toEqual([off, off, on, on, off, off]);
  });

  test('refused while the cable is out; after the replug OFF alone, whatever was asked for', {
    timeout: 60_000,
  }, async () => {
    const { heard, offer, relay, page, state } = await lane(board);
    await eventually('OFF twice', () => heard().length >= 2);
    expect(await offer(admission())).toBe('sent');
    // In the middle of the pulse.
    await relay.unplug();
    await eventually('trouble is shown', () => ['absent', 'faulted', 'opening'].includes(state()), 5_000);
    expect(await offer(admission())).toBe('barrier-offline');
    const before = heard().length;
    await relay.plug();
    page.send({ type: 'reconnect', deviceId: 'barrier-1' });
    await eventually('online again', () => state() === 'online', 15_000);
    await eventually('OFF twice again', () => heard().length >= before + 2);
    await pause(pulseMs + 300);
    expect(heard().slice(before)).toEqual([off, off]);
    expect(await offer(admission())).toBe('sent');
    await eventually('ON again', () => heard().includes(on, before));
  });

  test('what a board without life was sent is gone with its connection, not kept for the next', {
    timeout: 60_000,
  }, async () => {
    const { heard, offer, relay, page, state } = await lane(board);
    await eventually('OFF twice', () => heard().length >= 2);
    relay.freeze();
    // The cable takes the bytes and nobody reads them: a board that answers nothing cannot be told from a good one.
    expect(await offer(admission())).toBe('sent');
    await relay.unplug();
    await eventually('trouble is shown', () => ['absent', 'faulted', 'opening'].includes(state()), 5_000);
    const before = heard().length;
    await relay.plug();
    page.send({ type: 'reconnect', deviceId: 'barrier-1' });
    await eventually('online again', () => state() === 'online', 15_000);
    await eventually('OFF twice again', () => heard().length >= before + 2);
    await pause(pulseMs + 300);
    expect(heard().slice(before)).toEqual([off, off]);
  });
});
