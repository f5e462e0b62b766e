// From bytes on a cable to signals at the page, and what the page is told when a cable is pulled.
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../kit/programs.ts';
import { isSooner } from '../kit/sooner.ts';
import {
  cardFrame,
  openPage,
  type Page,
  pageWriter,
  pause,
  type Rig,
  reader,
  startRig,
  temperatureFrame,
  thermometer,
} from './bridge-kit.ts';

let rig: Rig | null = null;
afterEach(async () => {
  await rig?.stop();
  rig = null;
});

async function begin(port: number, devices?: Parameters<typeof startRig>[1]): Promise<{ rig: Rig; page: Page }> {
  rig = await startRig(port, devices);
  const page = await rig.page();
  await pause(60);
  return { rig, page };
}

it('a page hears what changed between the two hellos', async () => {
  rig = await startRig(await freePort());
  const { port, origin, far } = rig;
  const page = await openPage(port, { Origin: origin, Cookie: await rig.cookie() }, async () => {
    far.reader.plugged(false);
    await pause(1_500);
  });
  expect(page.hello.devices).toContainEqual(expect.objectContaining({ deviceId: 'reader-1', state: 'online' }));
  const told = await page.next('device', ({ status }) => status.deviceId === 'reader-1');
  expect(told.status).toMatchObject({ state: 'absent' });
});

describe('signals', () => {
  it('makes a body value from the object value and the configured offset, with an expiry', async () => {
    const { rig, page } = await begin(await freePort());
    rig.far.thermometer.write(temperatureFrame(3530, 2200));
    expect(await page.next('sample')).toMatchObject({
      ...{ centiCelsius: 3650, rawCentiCelsius: 3530, ambientCentiCelsius: 2200, offsetCentiCelsius: 120 },
      ...{ site: 'forehead', mode: 'object', single: false, deviceId: 'thermometer-1' },
    });
    const sample = await page.next('sample');
    expect(sample.expiresAtMs - sample.atMs).toBe(2_000);
    await page.next('device', ({ status }) => status.deviceId === 'thermometer-1' && status.sensor === 'ready');
  });

  it('says of each value by contact that it is a reading by itself, though nobody asked the instrument', async () => {
    const { rig, page } = await begin(await freePort(), [
      {
        ...{ ...thermometer, role: 'thermometer', profile: 'ble-thermometer', baudRate: 115_200 },
        ...{ mode: 'contact', site: 'axillary', bodyOffsetCenti: null, options: {} },
      } as never,
    ]);
    rig.far.thermometer.write(Buffer.from('06680100ffe207030a15340002', 'hex'));
    // Seen at once, judged when nothing follows it.
    expect(await page.next('sample')).toMatchObject({ centiCelsius: null, rawCentiCelsius: 3600 });
    const sample = await page.next('sample', ({ centiCelsius }) => centiCelsius !== null);
    expect(sample).toMatchObject({ centiCelsius: 3600, mode: 'contact', single: true });
    expect(sample.expiresAtMs - sample.atMs).toBe(2_000);
  });

  it('gives no body value without an offset, and says no-offset', async () => {
    const { rig, page } = await begin(await freePort(), [
      { ...thermometer, role: 'thermometer', bodyOffsetCenti: null } as never,
    ]);
    rig.far.thermometer.write(temperatureFrame(3530, 2200));
    expect(await page.next('sample')).toMatchObject({
      centiCelsius: null,
      rawCentiCelsius: 3530,
      offsetCentiCelsius: 0,
    });
    const told = await page.next('device', ({ status }) => status.state === 'online');
    expect(told.status).toMatchObject({ sensor: 'no-offset', code: 'E-25' });
  });

  it('makes one tap of a card that a reader repeats, and another when it comes again', async () => {
    const { rig, page } = await begin(await freePort());
    for (let times = 0; times < 4; times++) {
      rig.far.reader.write(cardFrame('010063E9AE'));
      await pause(65);
    }
    await pause(700);
    rig.far.reader.write(cardFrame('010063E9AE'));
    await pause(100);
    rig.far.reader.write(cardFrame('0200AABBCC'));
    await page.next('tap', ({ uid }) => uid === '0200AABBCC');
    const taps = page.messages.filter((one) => one.type === 'tap');
    expect(taps.map(({ uid }) => uid)).toEqual(['010063E9AE', '010063E9AE', '0200AABBCC']);
    expect(taps[0]).toMatchObject({ expiresAtMs: (taps[0]?.atMs ?? 0) + 5_000 });
  });

  it('stamps a number that a keyboard reader typed', async () => {
    const { page } = await begin(await freePort());
    page.send({ type: 'stamp', printed: '0006547886' });
    expect(await page.next('tap')).toMatchObject({ uid: null, printed: '0006547886' });
  });

  it('is up with no device at all, names each as absent with its code, and tells it once', async () => {
    const { page } = await begin(await freePort(), [
      { ...thermometer, path: '/dev/not/there' },
      { ...reader, path: '/dev/not/there/2' },
    ]);
    await pause(1_500);
    const told = [
      ...page.hello.devices,
      ...page.messages.flatMap((one) => (one.type === 'device' ? [one.status] : [])),
    ];
    for (const [deviceId, code] of [
      ['thermometer-1', 'E-21'],
      ['reader-1', 'E-11'],
    ]) {
      const ofIt = told.filter((status) => status.deviceId === deviceId);
      expect(ofIt.at(-1)).toMatchObject({ state: 'absent', code });
      expect(ofIt.filter(({ state }) => state === 'absent')).toHaveLength(1);
    }
  });

  it('tells of a pulled thermometer within two seconds, and never a value again', async () => {
    const { rig, page } = await begin(await freePort());
    rig.far.thermometer.write(temperatureFrame(3530, 2200));
    await page.next('device', ({ status }) => status.sensor === 'ready');
    const before = page.messages.length;
    rig.far.thermometer.plugged(false, { silent: true });
    const pulledAt = performance.now();
    const told = page.next(
      'device',
      ({ status }) =>
        status.deviceId === 'thermometer-1' &&
        page.messages.length > before &&
        status.sensor !== 'ready' &&
        status.sinceMs >= pulledAt,
    );
    expect(await isSooner(told, 2_300)).toBe(true);
    expect(page.messages.slice(before).some(({ type }) => type === 'sample')).toBe(false);
  });
});

describe('the journal behind the page', () => {
  it('names the page writers at hello, not its own, and gives entries back 100 at a time', async () => {
    const { rig: running, page } = await begin(await freePort());
    const write = pageWriter();
    const made = Array.from({ length: 130 }, () => write({ kind: 'shift', staffId: 'g1', change: 'in' }));
    for (const envelope of made) page.send({ type: 'append', envelope, open: null });
    await page.next('journaled', ({ entryId }) => entryId === made.at(-1)?.entryId);
    page.close();
    await running.restart();
    const again = await running.page();
    const last = made.at(-1);
    expect(again.hello.journal).toEqual([{ writerId: last?.writerId, seq: 130, hash: last?.hash }]);
    const writerId = last?.writerId ?? '';
    const back = [];
    for (let id = 1, done = false; !done; id++) {
      again.send({ type: 'take-back', id, writerId, fromSeq: back.length + 1, limit: 100 });
      const taken = await again.next('taken', (one) => one.id === id);
      expect(taken.entries.length).toBeLessThanOrEqual(100);
      back.push(...taken.entries);
      done = taken.done;
    }
    expect(back).toEqual(made);
  });

  it('answers an entry that is out of shape, instead of falling silent', async () => {
    const { page } = await begin(await freePort());
    const envelope = { ...pageWriter()({ kind: 'shift', staffId: 'g1', change: 'in' }), hash: 'short' };
    page.socket.send(JSON.stringify({ type: 'append', envelope, open: null }));
    expect(await page.next('not-journaled')).toMatchObject({ entryId: envelope.entryId, reason: 'malformed' });
  });
});

describe('the bridge as a writer', () => {
  it('brings its own entries to the hub once, those of the process before included', async () => {
    const { rig: running } = await begin(await freePort());
    // By entry: a bridge stopped before it read its receipt rightly brings the entry once more, and this hub knows it.
    const got = new Map<string, string>();
    const accept = (): void =>
      running.onHub((call, response) => {
        if (call.method !== 'POST') return void response.writeHead(503).end();
        const batch = JSON.parse(call.body) as {
          writerId: string;
          entries: { entryId: string; seq: number; bytes: string }[];
        };
        const results = batch.entries.map(({ entryId, seq }) => ({
          entryId,
          seq,
          status: got.has(entryId) ? 'duplicate' : 'stored',
        }));
        for (const { entryId, bytes } of batch.entries) got.set(entryId, (JSON.parse(bytes) as { kind: string }).kind);
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(
          JSON.stringify({ contract: 1, epoch: 'e1', hubNowMs: Date.now(), watermark: results.length, results }),
        );
      });
    await running.bridge.stop();
    accept();
    await running.restart();
    for (let waited = 0; got.size < 2 && waited < 20_000; waited += 20) await pause(20);
    expect([...got.values()]).toEqual(['writer-start', 'writer-start']);
    await running.restart();
    for (let waited = 0; got.size < 3 && waited < 20_000; waited += 20) await pause(20);
    await pause(100);
    expect([...got.values()]).toEqual(['writer-start', 'writer-start', 'writer-start']);
  });
});

describe('a second bridge', () => {
  it('refuses to start on the same folder, in one sentence, and leaves the first alone', async () => {
    const { rig: running } = await begin(await freePort());
    const { startBridge } = await import('../../device/bridge.ts');
    const second = startBridge(
      {
        ...{
          port: await freePort(),
          hubUrl: 'http://127.0.0.1:1',
          hubCa: null,
          stationToken: 'abc',
          stationId: 'st-1',
          devices: [],
        },
        station: { name: 'n', campus: 'c', code: 'G01', direction: 'in', clinicPhone: '' },
        stateDir: `${running.dir}/state`,
      },
      { openPort: () => Promise.reject(new Error('no port')), pagesDir: `${running.dir}/pages` },
    );
    await expect(second).rejects.toThrow(/state folder .* is in use by another bridge \(process \d+\)/);
    const third = startBridge(
      {
        ...{
          port: running.port,
          hubUrl: 'http://127.0.0.1:1',
          hubCa: null,
          stationToken: 'abc',
          stationId: 'st-1',
          devices: [],
        },
        station: { name: 'n', campus: 'c', code: 'G01', direction: 'in', clinicPhone: '' },
        stateDir: `${running.dir}/other`,
      },
      { openPort: () => Promise.reject(new Error('no port')), pagesDir: `${running.dir}/pages` },
    );
    await expect(third).rejects.toThrow(new RegExp(`Port ${running.port} is in use`));
    expect((await fetch(`http://localhost:${running.port}/healthz`)).status).toBe(200);
  });

  it.runIf(process.platform === 'linux')('says in one sentence that its folder cannot be made', async () => {
    const { startBridge } = await import('../../device/bridge.ts');
    const station = { name: 'n', campus: 'c', code: 'G01', direction: 'in' as const, clinicPhone: '' };
    const config = { hubUrl: 'http://127.0.0.1:1', hubCa: null, stationToken: 'abc', stationId: 'st-1', devices: [] };
    const started = startBridge(
      { ...config, port: await freePort(), station, stateDir: '/proc/mengang/state' },
      { openPort: () => Promise.reject(new Error('no port')), pagesDir: '/' },
    );
    await expect(started).rejects.toThrow(/state folder \/proc\/mengang\/state cannot be used/);
  });
});
