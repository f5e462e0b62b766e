// OSDP readers, output and inputs behind a whole bridge: peripherals that share no code with it on one memory line.
import { afterEach, describe, expect, it } from 'vitest';
import type { DeviceConfig } from '../../device/config.ts';
import type { OsdpPlace } from '../../device/config-osdp.ts';
import type { LogFields } from '../../device/log.ts';
import type { FarEnd } from '../../device/simulator/memory-port.ts';
import type { EntryBody } from '../../src/domain/entry.ts';
import { createOsdpPeripheral, type OsdpPeripheral } from '../kit/osdp-peripheral.ts';
import { freePort } from '../kit/programs.ts';
import { isSooner } from '../kit/sooner.ts';
import { admission, type Page, pageWriter, paths, pause, type Rig, startRig, until } from './bridge-kit.ts';

const keyHex = 'c0c1c2c3c4c5c6c7c8c9cacbcccdcecf';
const key = Uint8Array.from(Buffer.from(keyHex, 'hex'));
const at = (address: number, withKey: boolean) => {
  const osdp: OsdpPlace = { address, key: withKey ? key : null, hasCrc: true };
  return { profile: 'osdp', path: paths.reader, baudRate: 9_600, options: {}, osdp };
};
const readerAt = (address: number, withKey = true): DeviceConfig => ({
  ...at(address, withKey),
  role: 'reader',
  deviceId: `reader-${address}`,
  options: { printed: 'd3_5' },
});
const barrierAt = (address: number, withKey = true): DeviceConfig => ({
  ...at(address, withKey),
  role: 'barrier',
  deviceId: 'barrier-1',
  channel: 0,
  pulseMs: 500,
});
const feedbackAt = (address: number, withKey = true): DeviceConfig => ({
  ...at(address, withKey),
  role: 'feedback',
  deviceId: 'feedback-1',
  input: 2,
  contact: 'leaf',
  activeClosed: false,
  admitMs: 2_000,
  heldOpenMs: 3_000,
});

const off = '00010000';
const pulse = '00050500';
let rig: Rig | null = null;
afterEach(async () => {
  await rig?.stop();
  rig = null;
});

type Started = { rig: Rig; page: Page; far: FarEnd; of(address: number): OsdpPeripheral; log(): string };

async function start(
  devices: DeviceConfig[],
  prepare: (one: OsdpPeripheral) => void = () => undefined,
): Promise<Started> {
  let text = '';
  const note = (fields: LogFields, sentence = '') => {
    text += `${JSON.stringify(fields)} ${sentence}\n`;
  };
  const log = { info: note, warn: note, error: note };
  const peripherals = new Map<number, OsdpPeripheral>();
  rig = await startRig(await freePort(), devices, undefined, log);
  const far = rig.far.reader;
  far.onData((bytes) => {
    for (const one of peripherals.values()) one.take(bytes);
  });
  for (const { osdp } of devices) {
    if (osdp === undefined || peripherals.has(osdp.address)) continue;
    const one = createOsdpPeripheral({
      address: osdp.address,
      scbk: key,
      now: () => performance.now(),
      write: far.write,
    });
    prepare(one);
    peripherals.set(osdp.address, one);
  }
  const page = await rig.page();
  const of = (address: number) => {
    const found = peripherals.get(address);
    if (!found) throw new Error(`no peripheral ${address}`);
    return found;
  };
  return { rig, page, far, of, log: () => text };
}

const outputs = (one: OsdpPeripheral) => one.done.filter(({ what }) => what === 'output').map(({ dataHex }) => dataHex);
/** The last state that the page was told, hello included. */
const stateOf = (page: Page, deviceId: string) =>
  [...page.hello.devices, ...page.messages.flatMap((one) => (one.type === 'device' ? [one.status] : []))]
    .filter((status) => status.deviceId === deviceId)
    .at(-1);
const online = (page: Page, deviceId: string) =>
  until(() => stateOf(page, deviceId)?.state === 'online', `${deviceId} online`, 15_000);

let asked = 0;
async function offer(page: Page, body: EntryBody, write: ReturnType<typeof pageWriter>) {
  asked += 1;
  page.send({ type: 'ping', id: asked });
  const { monoMs } = await page.next('pong', ({ id }) => id === asked);
  const envelope = write(body);
  page.send({ type: 'append', envelope, open: { notAfterMs: monoMs + 900 } });
  return page.next('pulse', ({ entryId }) => entryId === envelope.entryId);
}

describe.each([
  ['in the clear', false],
  ['sealed', true],
])('%s', (_name, withKey) => {
  it('makes taps of cards with their declared number, of keys with a hash, each at its own reader', async () => {
    const { page, of } = await start([readerAt(1, withKey), readerAt(2, withKey)]);
    await online(page, 'reader-1');
    await online(page, 'reader-2');
    expect(of(1).isSecure()).toBe(withKey);
    of(1).card(0, 1, 26, [0x2d, 0x00, 0xa2, 0x00]);
    expect(await page.next('tap')).toMatchObject({ deviceId: 'reader-1', uid: '5A0144', printed: '090,00324' });
    of(2).keys(0, '99*0006');
    of(2).keys(0, '547886#');
    const typed = await page.next('tap', ({ deviceId }) => deviceId === 'reader-2');
    expect(typed).toMatchObject({ uid: null, printed: '0006547886' });
    expect(typed.expiresAtMs - typed.atMs).toBe(5_000);
  });

  it('opens the output for an admission in the journal, OFF first and last, and shows lamp and tone behind it', async () => {
    const { page, of } = await start([readerAt(3, withKey), barrierAt(3, withKey)]);
    await online(page, 'barrier-1');
    await until(() => outputs(of(3)).length >= 2, 'OFF twice');
    expect(outputs(of(3))).toEqual([off, off]);
    of(3).done.length = 0;
    const write = pageWriter();
    expect(await offer(page, admission(), write)).toMatchObject({ outcome: 'sent' });
    await until(() => outputs(of(3)).length >= 3, 'OFF behind it');
    const done = of(3).done.map(({ what, dataHex, wasSecure }) => `${what} ${dataHex} ${wasSecure}`);
    expect(done).toEqual([
      `output ${pulse} ${withKey}`,
      // Green and steady for 2 s, one tone.
      `led 0000020100020014000000000000 ${withKey}`,
      `buzzer 0002010201 ${withKey}`,
      `output ${off} ${withKey}`,
      `output ${off} ${withKey}`,
    ]);
  });
});

it.each<[string, EntryBody, string]>([
  ['a second try', admission({ verdict: 'again', reason: 'low' }), '03'],
  ['a denial', admission({ verdict: 'deny', reason: 'referral-open', shownTenths: null }), '01'],
  ['a referral', admission({ verdict: 'refer', reason: 'fever', raisesCase: true, shownTenths: 373 }), '01'],
])('stays shut for %s, blinking at the reader', async (_name, body, color) => {
  const { page, of } = await start([readerAt(3), barrierAt(3)]);
  await online(page, 'barrier-1');
  await until(() => outputs(of(3)).length >= 2, 'OFF twice');
  of(3).done.length = 0;
  expect((await offer(page, body, pageWriter())).outcome).toBe('refused');
  await until(() => of(3).done.some(({ what }) => what === 'led'), 'a lamp');
  expect(outputs(of(3))).toEqual([]);
  // LED 0 of reader 0: temporary, 300 ms on and off, the colour.
  expect(of(3).done[0]?.dataHex.startsWith(`0000020303${color}`)).toBe(true);
});

describe('Never 1 at an OSDP output', () => {
  it('lengthens a pulse by a pulse, one OFF at the end', async () => {
    const { page, of } = await start([barrierAt(3)]);
    await online(page, 'barrier-1');
    await until(() => outputs(of(3)).length >= 2, 'OFF twice');
    of(3).done.length = 0;
    const write = pageWriter();
    await offer(page, admission(), write);
    const firstUntilMs = of(3).outputUntilMs ?? 0;
    await pause(250);
    expect((await offer(page, admission(), write)).outcome).toBe('sent');
    expect(of(3).outputUntilMs ?? 0).toBeGreaterThan(firstUntilMs);
    await until(() => outputs(of(3)).length >= 4, 'OFF');
    expect(outputs(of(3))).toEqual([pulse, pulse, off, off]);
  });

  it('shows a device that falls silent within 2 s, refuses meanwhile, and sends nothing old when it is back', async () => {
    const { page, of } = await start([readerAt(3), barrierAt(3)]);
    await online(page, 'barrier-1');
    await until(() => outputs(of(3)).length >= 2, 'OFF twice');
    of(3).faults.silent = 1_000_000;
    const shown = until(() => stateOf(page, 'barrier-1')?.state === 'silent', 'silent');
    expect(await isSooner(shown, 2_300)).toBe(true);
    expect(stateOf(page, 'barrier-1')?.code).toBe('E-33');
    expect(stateOf(page, 'reader-3')).toMatchObject({ state: 'silent', code: 'E-13' });
    const write = pageWriter();
    expect((await offer(page, admission(), write)).outcome).toBe('barrier-offline');
    of(3).done.length = 0;
    of(3).faults.silent = 0;
    await online(page, 'barrier-1');
    await until(() => outputs(of(3)).length >= 2, 'OFF twice');
    await pause(700);
    expect(new Set(outputs(of(3)))).toEqual(new Set([off]));
  });

  it('asked for while the device does not answer: not said to be open, closed first when it is back', async () => {
    const { page, of } = await start([barrierAt(3)]);
    await online(page, 'barrier-1');
    await until(() => outputs(of(3)).length >= 2, 'OFF twice');
    of(3).faults.silent = 1_000_000;
    expect(['failed', 'late']).toContain((await offer(page, admission(), pageWriter())).outcome);
    of(3).done.length = 0;
    of(3).faults.silent = 0;
    await online(page, 'barrier-1');
    await until(() => outputs(of(3)).length >= 2, 'OFF twice');
    expect(new Set(outputs(of(3)))).toEqual(new Set([off]));
  });

  it('is absent when the port is pulled, and replays nothing', async () => {
    const { page, far, of } = await start([readerAt(3), barrierAt(3)]);
    await online(page, 'barrier-1');
    far.plugged(false);
    await until(() => stateOf(page, 'barrier-1')?.state === 'absent', 'absent');
    expect(stateOf(page, 'reader-3')).toMatchObject({ state: 'absent', code: 'E-11' });
    expect((await offer(page, admission(), pageWriter())).outcome).toBe('barrier-offline');
    of(3).done.length = 0;
    far.plugged(true);
    page.send({ type: 'reconnect', deviceId: 'reader-3' });
    await online(page, 'barrier-1');
    await until(() => outputs(of(3)).length >= 2, 'OFF twice');
    expect(new Set(outputs(of(3)))).toEqual(new Set([off]));
  });

  it('a device that has no such output is faulted, and its reader works', async () => {
    const { page, of } = await start([readerAt(3), barrierAt(3)], (one) => {
      one.faults.noOutput = true;
    });
    await until(() => stateOf(page, 'barrier-1')?.state === 'faulted', 'faulted');
    await online(page, 'reader-3');
    expect((await offer(page, admission(), pageWriter())).outcome).toBe('barrier-offline');
    expect(outputs(of(3))).toEqual([]);
  });
});

describe('a device that is not what it should be', () => {
  it('has another key: faulted, and nothing in the clear is believed', async () => {
    const { page, of, log } = await start([readerAt(3)], (one) => {
      one.faults.otherKey = true;
    });
    await until(() => stateOf(page, 'reader-3')?.state === 'faulted', 'faulted');
    expect(stateOf(page, 'reader-3')?.code).toBe('E-14');
    of(3).card(0, 0, 32, [1, 2, 3, 4]);
    await pause(500);
    expect(page.messages.some(({ type }) => type === 'tap')).toBe(false);
    expect(log()).toContain('key-refused');
    expect(log().toLowerCase()).not.toContain(keyHex);
  });

  it('restarts in the middle: back by itself with the barrier closed first, and its next card is a tap', async () => {
    const { page, of } = await start([readerAt(3), barrierAt(3)]);
    await online(page, 'barrier-1');
    await until(() => outputs(of(3)).length >= 2, 'OFF twice');
    of(3).done.length = 0;
    of(3).reboot();
    await until(() => outputs(of(3)).length >= 1, 'OFF after the restart', 10_000);
    expect(outputs(of(3))[0]).toBe(off);
    of(3).card(0, 0, 32, [1, 2, 3, 4]);
    await page.next('tap', ({ uid }) => uid === '01020304');
  });

  it('the silence of one on the line does not hide the other', async () => {
    const { page, of } = await start([readerAt(1), readerAt(2)]);
    await online(page, 'reader-1');
    await online(page, 'reader-2');
    of(1).faults.silent = 1_000_000;
    await until(() => stateOf(page, 'reader-1')?.state === 'silent', 'silent');
    of(2).card(0, 0, 32, [9, 9, 9, 9]);
    await page.next('tap', ({ uid }) => uid === '09090909');
    expect(stateOf(page, 'reader-2')?.state).toBe('online');
  });

  it('tells of cards that no entry could hold as rejected, and no number of a card is in the log', async () => {
    const { page, of, log, rig } = await start([readerAt(3)]);
    await online(page, 'reader-3');
    of(3).card(0, 0, 168, [...Buffer.alloc(21, 0xab)]);
    of(3).keys(0, '123456789012345678901#');
    of(3).keys(0, '123#');
    of(3).card(0, 0, 32, [0xde, 0xad, 0xbe, 0xef]);
    await page.next('tap', ({ uid }) => uid === 'DEADBEEF');
    expect(page.messages.filter(({ type }) => type === 'tap')).toHaveLength(1);
    expect(log()).not.toMatch(/deadbeef|abababab/i);
    const metrics = await (await fetch(`${rig.origin}/metrics`)).text();
    expect(metrics).toMatch(/rejected_total\{device="reader-3",reason="length"\} 1/);
  });
});

describe('feedback by an OSDP input', () => {
  const ready = async (both = true) => {
    const started = await start([...(both ? [barrierAt(3)] : []), feedbackAt(3)], (one) => {
      one.inputs = [false, true];
    });
    await online(started.page, 'feedback-1');
    if (both) await online(started.page, 'barrier-1');
    return started;
  };
  const unmeasured = (rig: Rig) =>
    rig.hubCalls
      .filter(({ url }) => url === '/hub/entries')
      .flatMap(({ body }) => (JSON.parse(body) as { entries: { bytes: string }[] }).entries)
      .map(({ bytes }) => JSON.parse(bytes) as EntryBody)
      .flatMap((entry) => (entry.kind === 'unmeasured-entry' ? [entry] : []));

  it('a passage behind an admission is counted, and is no entry', async () => {
    const { page, of, rig } = await ready();
    expect((await offer(page, admission(), pageWriter())).outcome).toBe('sent');
    of(3).contact(2, false);
    await pause(200);
    of(3).contact(2, true);
    const passed = async () => (await (await fetch(`${rig.origin}/metrics`)).text()).includes('passages_seen_total 1');
    for (let tries = 0; tries < 40 && !(await passed()); tries += 1) await pause(50);
    expect(await passed()).toBe(true);
    await pause(300);
    expect(unmeasured(rig)).toEqual([]);
  });

  it('forced, and left open: an entry each in the journal, and offered to the hub at once', async () => {
    const { of, rig, log } = await ready();
    of(3).contact(2, false);
    await until(() => unmeasured(rig).some(({ cause }) => cause === 'forced'), 'forced');
    await until(() => unmeasured(rig).some(({ cause }) => cause === 'held-open'), 'held open', 10_000);
    const held = unmeasured(rig).find(({ cause }) => cause === 'held-open');
    expect(held).toMatchObject({ direction: 'in', deviceId: 'feedback-1', times: 1 });
    expect(held?.openMs ?? 0).toBeGreaterThanOrEqual(3_000);
    expect(log()).toContain('unmeasured-entry');
  });

  it('a contact that is found open was not seen to be forced; a device without inputs is faulted', async () => {
    const first = await start([feedbackAt(3)], (one) => {
      one.inputs = [false, false];
    });
    await online(first.page, 'feedback-1');
    await pause(600);
    expect(unmeasured(first.rig)).toEqual([]);
    await first.rig.stop();
    const second = await start([feedbackAt(4)]);
    await until(() => stateOf(second.page, 'feedback-1')?.state === 'faulted', 'faulted');
    expect(stateOf(second.page, 'feedback-1')?.code).toBe('E-38');
  });
});
