// What opens the barrier and what does not, in relay bytes: the whole bridge on memory ports.
import { hash } from '@node-rs/argon2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EntryBody } from '../../src/domain/entry.ts';
import { freePort } from '../kit/programs.ts';
import { admission, closeHex, openHex, type Page, pageWriter, pause, type Rig, startRig, until } from './bridge-kit.ts';

let rig: Rig;
let page: Page;
let write = pageWriter();
let writers = 0;

beforeAll(async () => {
  rig = await startRig(await freePort());
  const pinHash = await hash('4711', { memoryCost: 8_192, timeCost: 1 });
  rig.onHub((call, response) => {
    if (call.url !== '/hub/station') return void response.writeHead(503).end();
    const station = { id: 's', code: 'G03', name: 'n', campus: 'beijing' };
    const guards = [{ staffId: 'g1', name: 'Guard One', pinHash }];
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ contract: 1, station, guards }));
  });
  page = await rig.page();
});
afterAll(() => rig.stop());
beforeEach(async () => {
  writers += 1;
  write = pageWriter(`cccccccc-0000-4000-8000-${String(writers).padStart(12, '0')}`);
  await pause(400);
  rig.relay.length = 0;
});

const now = async () => {
  const id = Math.floor(Math.random() * 1e9);
  page.send({ type: 'ping', id });
  return (await page.next('pong', (pong) => pong.id === id)).monoMs;
};

async function offer(body: EntryBody, withinMs = 900, writer = write) {
  const envelope = writer(body);
  page.send({ type: 'append', envelope, open: { notAfterMs: (await now()) + withinMs } });
  const pulse = await page.next('pulse', ({ entryId }) => entryId === envelope.entryId);
  return { envelope, pulse };
}

describe('the barrier', () => {
  it('sends OFF first on every connection', async () => {
    rig.far.barrier.plugged(false);
    await pause(50);
    rig.relay.length = 0;
    rig.far.barrier.plugged(true);
    page.send({ type: 'reconnect', deviceId: 'barrier-1' });
    await until(() => rig.relay.length >= 2, 'two OFF');
    expect(rig.relay.slice(0, 2)).toEqual([closeHex, closeHex]);
  });

  it('opens for an admission that is in the journal, and closes after the pulse', async () => {
    const { envelope, pulse } = await offer(admission());
    expect(pulse).toMatchObject({ outcome: 'sent' });
    const order = page.messages.filter((one) => 'entryId' in one && one.entryId === envelope.entryId);
    expect(order.map(({ type }) => type)).toEqual(['journaled', 'pulse']);
    expect(rig.relay).toEqual([openHex]);
    await pause(150);
    expect(rig.relay).toEqual([openHex]);
    await until(() => rig.relay.length >= 3, 'closed twice');
    expect(rig.relay).toEqual([openHex, closeHex, closeHex]);
  });

  it('lengthens a pulse by a pulse: ON again, one close at the end', async () => {
    await offer(admission());
    await pause(100);
    expect((await offer(admission())).pulse.outcome).toBe('sent');
    await pause(150);
    expect(rig.relay).toEqual([openHex, openHex]);
    await until(() => rig.relay.length >= 3, 'closed');
    expect(rig.relay.slice(0, 3)).toEqual([openHex, openHex, closeHex]);
  });

  it.each<[string, EntryBody]>([
    ['a referral', admission({ verdict: 'refer', reason: 'fever', raisesCase: true, shownTenths: 373 })],
    ['a second try', admission({ verdict: 'again', reason: 'low' })],
    ['a denial', admission({ verdict: 'deny', reason: 'referral-open', shownTenths: null })],
    ['an admission without a reading', admission({ readings: [] })],
    ['an admission of another shown value', admission({ shownTenths: 364 })],
    ['the other direction', admission({ direction: 'out' })],
    ['a clock jump', { kind: 'clock-jump', jumpMs: 5_000 }],
    ['a manual opening by nobody', { kind: 'manual-opening', by: 'g1', reason: 'ambulance' }],
  ])('stays shut for %s, which is journalled all the same', async (_name, body) => {
    const { envelope, pulse } = await offer(body);
    expect(pulse.outcome).toBe('refused');
    await page.next('journaled', ({ entryId }) => entryId === envelope.entryId);
    await pause(50);
    expect(rig.relay).toEqual([]);
  });

  it('stays shut for a fever that calls itself an admission', async () => {
    const body = admission({ shownTenths: 381 });
    body.readings = body.readings.map((reading) => ({ ...reading, centiCelsius: 3810 }));
    expect((await offer(body)).pulse).toMatchObject({ outcome: 'refused', reason: 'the reading is a fever' });
    expect(rig.relay).toEqual([]);
  });

  it('stays shut for an entry of another station', async () => {
    const other = pageWriter('dddddddd-0000-4000-8000-000000000004', 'st-ffffffffffff');
    expect((await offer(admission(), 900, other)).pulse.outcome).toBe('refused');
    expect(rig.relay).toEqual([]);
  });

  it('never opens twice for one entry', async () => {
    const { envelope } = await offer(admission());
    await pause(450);
    rig.relay.length = 0;
    const before = page.messages.length;
    page.send({ type: 'append', envelope, open: { notAfterMs: (await now()) + 900 } });
    await until(() => page.messages.slice(before).some((one) => one.type === 'pulse'), 'an answer');
    const told = page.messages.slice(before).filter((one) => 'entryId' in one);
    expect(told).toMatchObject([{ type: 'journaled' }, { type: 'pulse', outcome: 'refused' }]);
    expect(rig.relay).toEqual([]);
  });

  it('stays shut when the entry does not follow', async () => {
    const gap = { ...write(admission()), seq: 7 };
    page.send({ type: 'append', envelope: gap, open: { notAfterMs: (await now()) + 900 } });
    expect(await page.next('not-journaled', ({ entryId }) => entryId === gap.entryId)).toMatchObject({ reason: 'gap' });
    expect(await page.next('pulse', (p) => p.entryId === gap.entryId && p.reason.includes('gap'))).toMatchObject({
      outcome: 'refused',
    });
    expect(rig.relay).toEqual([]);
  });

  it('comes too late after its deadline', async () => {
    expect((await offer(admission(), -1)).pulse.outcome).toBe('late');
    expect(rig.relay).toEqual([]);
  });

  it('says that it is offline, and replays nothing when it is back', async () => {
    rig.far.barrier.plugged(false);
    await page.next('device', ({ status }) => status.deviceId === 'barrier-1' && status.state === 'absent');
    expect((await offer(admission())).pulse.outcome).toBe('barrier-offline');
    rig.relay.length = 0;
    rig.far.barrier.plugged(true);
    page.send({ type: 'reconnect', deviceId: 'barrier-1' });
    await until(() => rig.relay.length >= 2, 'OFF twice');
    expect(rig.relay).not.toContain(openHex);
  });

  it('opens by hand for a signed-in guard with a reason, and for nobody else', async () => {
    await until(() => rig.hubCalls.some(({ url }) => url === '/hub/station'), 'the list was asked for');
    await pause(100);
    page.send({ type: 'sign-in', staffId: 'g1', pin: '4711' });
    const signed = await page.next('signed', ({ signedIn }) => signedIn?.staffId === 'g1');
    expect(signed.error).toBeNull();
    expect((await offer({ kind: 'manual-opening', by: 'g1', reason: 'ambulance' })).pulse.outcome).toBe('sent');
    expect(rig.relay).toEqual([openHex]);
    expect((await offer({ kind: 'manual-opening', by: 'g2', reason: 'ambulance' })).pulse.outcome).toBe('refused');
    page.send({ type: 'sign-out' });
    expect((await offer({ kind: 'manual-opening', by: 'g1', reason: 'ambulance' })).pulse.outcome).toBe('refused');
  });

  it('is closed when the page goes away in mid-pulse, and when the bridge stops', async () => {
    await offer(admission());
    page.close();
    await until(() => rig.relay.includes(closeHex), 'closed without a page');
    await pause(300);
    rig.relay.length = 0;
    page = await rig.page();
    await offer(admission());
    await rig.restart();
    expect(rig.relay.slice(0, 2)).toEqual([openHex, closeHex]);
    page = await rig.page();
  });
});
