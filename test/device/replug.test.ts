// Unplugged and replugged fifty times at random moments over real ptys, through the whole bridge: silence is shown, nothing from
// before comes after, no memory and no file is lost.
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, test } from 'vitest';
import { openSerialPort } from '../../device/serial-port.ts';
import { seededRandom } from '../../device/simulator/seeded-random.ts';
import { freePort } from '../kit/programs.ts';
import { eventually, pause, ptyDevice } from '../kit/pty.ts';
import { admission, barrier, openHex, pageWriter, startRig, temperatureFrame, thermometer } from './bridge-kit.ts';

const rounds = 50;
const warmRounds = 15;

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

setFlagsFromString('--expose_gc');
const collect: () => void = runInNewContext('gc');
const heapBytes = async () => {
  for (let turn = 0; turn < 3; turn += 1) {
    await pause(30);
    collect();
  }
  return process.memoryUsage().heapUsed;
};
const openFiles = () => readdirSync('/proc/self/fd').length;

test('fifty replugs: silence within 2 s, no reading and no relay command from before, memory and files flat', {
  timeout: 180_000,
}, async () => {
  const random = seededRandom(20_261_124);
  const [sensor, relay] = [await ptyDevice(), await ptyDevice()];
  cleanUp.push(
    () => sensor.close(),
    () => relay.close(),
  );
  const rig = await startRig(
    await freePort(),
    [
      { ...thermometer, path: sensor.path },
      { ...barrier, path: relay.path },
    ],
    openSerialPort,
  );
  cleanUp.push(() => rig.stop());
  const page = await rig.page();
  cleanUp.push(() => page.close());
  const write = pageWriter();
  const stateOf = (deviceId: string) =>
    page.messages.findLast((one) => one.type === 'device' && one.status.deviceId === deviceId);
  const isIn = (deviceId: string, states: readonly string[]) => {
    const message = stateOf(deviceId);
    return message?.type === 'device' && states.includes(message.status.state);
  };
  let value = 3_000;
  let isPlugged = true;
  const feed = setInterval(() => {
    if (isPlugged) sensor.write(temperatureFrame(value, 2_200));
  }, 50);
  cleanUp.push(() => clearInterval(feed));
  await eventually('both are online', () => isIn('thermometer-1', ['online']) || page.hello !== undefined, 10_000);
  await page.next('sample');

  let warm = { heap: 0, files: 0 };
  let pings = 0;
  for (let round = 1; round <= rounds; round += 1) {
    await pause(20 + random() * 150);
    page.messages.length = 0;
    // Asked for at the very moment of the unplugging: sent or not, it must not come out later.
    const soon = async () => {
      pings += 1;
      const id = pings;
      page.send({ type: 'ping', id });
      return (await page.next('pong', (pong) => pong.id === id)).monoMs + 900;
    };
    const notAfterMs = await soon();
    if (random() < 0.5) page.send({ type: 'append', envelope: write(admission()), open: { notAfterMs } });
    isPlugged = false;
    await Promise.all([sensor.unplug(), relay.unplug()]);
    await eventually(
      'trouble is shown',
      () => isIn('thermometer-1', ['absent', 'silent', 'faulted', 'opening']),
      2_000,
    );
    await eventually('the barrier too', () => isIn('barrier-1', ['absent', 'faulted', 'opening']), 2_000);
    const entry = write(admission());
    page.send({ type: 'append', envelope: entry, open: { notAfterMs: await soon() } });
    const pulse = await page.next('pulse', ({ entryId }) => entryId === entry.entryId);
    // It stands in the journal; the barrier is what is missing.
    await page.next('journaled', ({ entryId }) => entryId === entry.entryId);
    expect(pulse.outcome).not.toBe('sent');

    const heardBefore = relay.receivedHex().length;
    value = 3_000 + round;
    page.messages.length = 0;
    await Promise.all([sensor.plug(), relay.plug()]);
    isPlugged = true;
    for (const deviceId of ['thermometer-1', 'barrier-1']) page.send({ type: 'reconnect', deviceId });
    await eventually(
      'both are online again',
      () => isIn('thermometer-1', ['online']) && isIn('barrier-1', ['online']),
      15_000,
    );
    await page.next('sample');
    const samples = page.messages.filter((one) => one.type === 'sample');
    for (const sample of samples) expect(JSON.stringify(sample), `round ${round}`).toContain(String(value));
    await pause(50);
    // OFF and nothing else: what was asked for before is not carried out now.
    const heard = relay.receivedHex().slice(heardBefore);
    expect(heard.length, `round ${round}`).toBeGreaterThan(0);
    expect(heard, `round ${round}`).not.toContain(openHex);
    if (round === warmRounds) warm = { heap: await heapBytes(), files: openFiles() };
  }
  page.messages.length = 0;
  expect(openFiles()).toBeLessThanOrEqual(warm.files + 2);
  // What a round kept would be there 35 times.
  expect((await heapBytes()) / warm.heap).toBeLessThan(1.05);
});
