// The whole way of a passage without a measurement: a contact on a foreign Modbus board at a real pty, the bridge, a real hub, the feed and
// the list of whoever watches the board.
import { ServerSerial } from 'modbus-serial';
import { afterEach, expect, test } from 'vitest';
import { openSerialPort } from '../../device/serial-port.ts';
import { addStation } from '../../hub/staff.ts';
import { unmeasuredAnswer } from '../../src/contracts/unmeasured.ts';
import { startRig, stationId, token } from '../device/bridge-kit.ts';
import { readFeed, startTestHub } from '../kit/hub.ts';
import { freePort } from '../kit/programs.ts';
import { eventually, ptyPair } from '../kit/pty.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

test('a turnstile that turns with nobody admitted stands before the nurse, named by its gate', {
  timeout: 60_000,
}, async () => {
  const t = await startTestHub();
  cleanUp.push(() => t.stop());
  await addStation(t.hub.pool, { name: '东门 2 道', campus: 'beijing', code: 'G03', token }, t.clock.nowMs());
  const cable = await ptyPair();
  cleanUp.push(() => cable.close());
  let passing = false;
  const board = new ServerSerial(
    { getDiscreteInput: async (at: number) => at === 2 && passing },
    { path: cable.pathB, baudRate: 9_600, unitID: 255 },
  );
  await new Promise<void>((resolve, reject) => {
    board.once('initialized', resolve);
    board.once('error', reject);
  });
  cleanUp.push(() => new Promise<void>((resolve) => board.close(() => resolve())));
  const rig = await startRig(
    await freePort(),
    [
      {
        ...{ role: 'feedback', deviceId: 'feedback-1', profile: 'modbus-relay-lc', path: cable.pathA, baudRate: 9_600 },
        ...{ options: {}, input: 3, contact: 'passage', activeClosed: true, admitMs: 10_000, heldOpenMs: 60_000 },
      },
    ],
    openSerialPort,
  );
  cleanUp.push(() => rig.stop());
  rig.onHub(async ({ method, url, headers, body }, response) => {
    const given = Object.fromEntries(
      ['authorization', 'content-type', 'mengang-signature'].flatMap((name) => {
        const value = headers[name];
        return typeof value === 'string' ? [[name, value]] : [];
      }),
    );
    const sent = method === 'POST' ? { body } : {};
    const answer = await fetch(new URL(url.slice(1), t.url), { method, headers: given, ...sent });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(await answer.text());
  });
  const page = await rig.page();
  cleanUp.push(() => page.close());
  const isOnline = () => {
    const told = page.messages.findLast((one) => one.type === 'device');
    return (told?.type === 'device' ? told.status : page.hello.devices[0])?.state === 'online';
  };
  await eventually('the contact is read', isOnline, 15_000);
  const nurse = await t.signIn('nurse');
  const events = await readFeed(
    t.url,
    { cookie: nurse },
    (seen) => seen.some(({ event }) => event.topic === 'unmeasured'),
    async () => {
      passing = true;
    },
  );
  expect(events.find(({ event }) => event.topic === 'unmeasured')?.event).toMatchObject({
    ...{ station: stationId, cause: 'forced', times: 1 },
  });
  const { body } = await t.call('hub/unmeasured', { cookie: nurse });
  expect(unmeasuredAnswer.parse(body).unmeasured).toMatchObject([
    { station: { id: stationId, name: '东门 2 道' }, cause: 'forced', openMs: null },
  ]);
});
