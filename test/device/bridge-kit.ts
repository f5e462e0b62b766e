// A whole bridge on memory ports with a scripted hub behind it and a page's WebSocket in front of it, for the bridge's tests.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { type Bridge, type BridgeDeps, startBridge } from '../../device/bridge.ts';
import { type BridgeConfig, type DeviceConfig, stationIdOf } from '../../device/config.ts';
import type { Log } from '../../device/log.ts';
import type { OpenPort } from '../../device/ports.ts';
import { createMemoryPorts, type FarEnd } from '../../device/simulator/memory-port.ts';
import { type BridgeMessage, bridgeMessage, type PageMessage } from '../../src/contracts/device-stream.ts';
import { canonicalJson } from '../../src/domain/canonical-json.ts';
import { genesisHash, hashOf } from '../../src/domain/chain.ts';
import type { CheckBody, EntryBody, Envelope } from '../../src/domain/entry.ts';

export const token = 'token-of-the-north-gate';
export const stationId = stationIdOf(token);
export const openHex = 'a00101a2';
export const closeHex = 'a00100a1';

export const paths = { thermometer: '/dev/rig/t', reader: '/dev/rig/r', barrier: '/dev/rig/b' } as const;
export const thermometer: DeviceConfig = {
  role: 'thermometer',
  deviceId: 'thermometer-1',
  profile: 'gy-mcu90614',
  path: paths.thermometer,
  baudRate: 9_600,
  options: {},
  site: 'forehead',
  mode: 'object',
  bodyOffsetCenti: 120,
};
export const reader: DeviceConfig = {
  role: 'reader',
  deviceId: 'reader-1',
  profile: 'rdm6300',
  path: paths.reader,
  baudRate: 9_600,
  options: {},
};
export const barrier: DeviceConfig = {
  role: 'barrier',
  deviceId: 'barrier-1',
  profile: 'lcus',
  path: paths.barrier,
  baudRate: 9_600,
  options: {},
  channel: 1,
  pulseMs: 200,
};

export type HubCall = { method: string; url: string; headers: IncomingMessage['headers']; body: string };
export type Rig = {
  bridge: Bridge;
  port: number;
  origin: string;
  dir: string;
  far: { thermometer: FarEnd; reader: FarEnd; barrier: FarEnd };
  /** What came out to the relay, four bytes each, lower-case hex. */
  relay: string[];
  hubCalls: HubCall[];
  /** Replaces what the hub answers. */
  onHub(answer: (call: HubCall, response: ServerResponse) => void): void;
  stopHub(): Promise<void>;
  cookie(): Promise<string>;
  page(): Promise<Page>;
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/** `openPort`: real ports instead of those in memory; `log`: who hears what the bridge says of itself; `more` of the configuration; `moreDeps` of what is passed in. */
export async function startRig(
  port: number,
  devices: DeviceConfig[] = [thermometer, reader, barrier],
  openPort?: OpenPort,
  log?: Log,
  more: Partial<BridgeConfig> = {},
  moreDeps: Partial<BridgeDeps> = {},
): Promise<Rig> {
  const dir = await mkdtemp(join(tmpdir(), 'mengang-rig-'));
  const pagesDir = join(dir, 'pages');
  await mkdir(join(pagesDir, 'assets'), { recursive: true });
  await mkdir(join(pagesDir, 'src', 'rounds'), { recursive: true });
  await writeFile(join(pagesDir, 'index.html'), '<!doctype html><title>gate</title>');
  await writeFile(join(pagesDir, 'sw.js'), '// worker');
  await writeFile(join(pagesDir, 'assets', 'gate-1.js'), '1;');
  await writeFile(join(pagesDir, 'src', 'clinic.html'), 'clinic');
  await writeFile(join(pagesDir, 'rounds-sw.js'), '// worker of the rounds');
  await writeFile(join(pagesDir, 'src', 'rounds', 'rounds.html'), '<!doctype html><html lang="zh-CN"></html>');
  await writeFile(join(dir, 'secret.txt'), 'secret');
  const hubCalls: HubCall[] = [];
  let onHub = (_call: HubCall, response: ServerResponse): void => void response.writeHead(503).end();
  const hub = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { method = '', url = '', headers } = request;
    const call = { method, url, headers, body: Buffer.concat(parts).toString() };
    hubCalls.push(call);
    onHub(call, response);
  });
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  const address = hub.address();
  const hubPort = typeof address === 'object' && address !== null ? address.port : 0;
  const memory = createMemoryPorts();
  const far = {
    thermometer: memory.far(paths.thermometer),
    reader: memory.far(paths.reader),
    barrier: memory.far(paths.barrier),
  };
  const relay: string[] = [];
  far.barrier.onData((bytes) => {
    const hex = Buffer.from(bytes).toString('hex');
    for (let at = 0; at < hex.length; at += 8) relay.push(hex.slice(at, at + 8));
  });
  const config: BridgeConfig = {
    port,
    hubUrl: `http://127.0.0.1:${hubPort}`,
    hubCa: null,
    stationToken: token,
    stationId,
    station: { name: 'North gate', campus: 'beijing', code: 'G03', direction: 'in', clinicPhone: '6278' },
    stateDir: join(dir, 'state'),
    devices,
    ...more,
  };
  const ports = { openPort: openPort ?? memory.openPort };
  const begin = () =>
    startBridge(config, { ...ports, pagesDir, random: () => 0.5, ...(log ? { log } : {}), ...moreDeps });
  const origin = `http://localhost:${port}`;
  const rig: Rig = {
    bridge: await begin(),
    port,
    origin,
    dir,
    far,
    relay,
    hubCalls,
    onHub: (answer) => {
      onHub = answer;
    },
    stopHub: () => closed(hub),
    cookie: async () => String((await fetch(`${origin}/`)).headers.get('set-cookie')).split(';')[0] ?? '',
    page: async () => openPage(port, { Origin: origin, Cookie: await rig.cookie() }),
    restart: async () => {
      await rig.bridge.stop();
      rig.bridge = await begin();
    },
    stop: async () => {
      await rig.bridge.stop();
      await closed(hub);
      await rm(dir, { recursive: true, force: true });
    },
  };
  return rig;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

export type Page = {
  hello: Extract<BridgeMessage, { type: 'hello' }>;
  messages: BridgeMessage[];
  socket: WebSocket;
  send(message: PageMessage): void;
  /** The next message of this type that fits, also among those that have come already. */
  next<T extends BridgeMessage['type']>(
    type: T,
    fits?: (message: Extract<BridgeMessage, { type: T }>) => boolean,
  ): Promise<Extract<BridgeMessage, { type: T }>>;
  close(): void;
};

/** `beforeHello`: what happens between the bridge's hello and the page's answer to it. */
export async function openPage(
  port: number,
  headers: Record<string, string>,
  beforeHello: () => Promise<unknown> = async () => undefined,
): Promise<Page> {
  const socket = new WebSocket(`ws://localhost:${port}/device`, { headers });
  const messages: BridgeMessage[] = [];
  socket.on('message', (data) => messages.push(bridgeMessage.parse(JSON.parse(String(data)))));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const page: Omit<Page, 'hello'> = {
    messages,
    socket,
    send: (message) => socket.send(JSON.stringify(message)),
    next: async (type, fits = () => true) => {
      for (let waited = 0; waited < 5_000; waited += 5) {
        for (const message of messages) {
          if (message.type === type && fits(message as never)) return message as never;
        }
        await pause(5);
      }
      throw new Error(`no ${type} came; came: ${messages.map((one) => one.type).join(' ')}`);
    },
    close: () => socket.close(),
  };
  const hello = await page.next('hello');
  await beforeHello();
  page.send({ type: 'hello', contract: 1, writer: null });
  return { ...page, hello };
}

/** Status and headers of a raw request, with any Host one likes. */
export function raw(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      let body = '';
      answer.on('data', (part) => {
        body += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    });
    request.on('upgrade', (answer, socket) => {
      socket.destroy();
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: '' });
    });
    request.on('error', reject);
    request.end();
  });
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export async function until(holds: () => boolean, what: string, ms = 5_000): Promise<void> {
  for (let waited = 0; waited < ms; waited += 5) {
    if (holds()) return;
    await pause(5);
  }
  throw new Error(`never: ${what}`);
}

/** A page's writer: makes entries in a chain. */
export function pageWriter(writerId = 'cccccccc-0000-4000-8000-000000000003', station = stationId) {
  let end = { seq: 0, hash: genesisHash(writerId) };
  return (body: EntryBody): Envelope => {
    const bytes = canonicalJson({
      ...{ v: 1, station, wallMs: 1_600_000_000_000, monoMs: 5, hubOffsetMs: null, day: '2020-09-13', onDuty: null },
      ...body,
    });
    end = { seq: end.seq + 1, hash: hashOf(end.hash, bytes) };
    const entryId = `01700000-0000-7000-8000-${writerId.slice(-4)}${String(end.seq).padStart(8, '0')}`;
    return { entryId, writerId, ...end, bytes };
  };
}

/** An admission at 36.5; `change` makes it something else. */
export function admission(change: Partial<CheckBody> = {}): CheckBody {
  return {
    kind: 'check',
    passageId: '01700000-0000-7000-8000-000000000009',
    direction: 'in',
    card: { uid: '010063E9AE', printed: null },
    personId: 'p1',
    verdict: 'admit',
    reason: 'normal',
    shownTenths: 365,
    raisesCase: false,
    caseNo: null,
    readings: [
      {
        centiCelsius: 3650,
        site: 'forehead',
        mode: 'object',
        method: 'infrared',
        manual: false,
        typedBy: null,
        deviceId: 'thermometer-1',
        offsetCentiCelsius: 120,
        ageMs: 100,
        samples: [[100, 3530, 3650, 2200]],
      },
    ],
    tries: 1,
    policyVersion: 0,
    ambientTenths: 220,
    baselineTenths: null,
    rosterVersion: 0,
    orderDay: null,
    ...change,
  };
}

/** GY-MCU90614: 5A 5A 45 04 TO TA sum. */
export function temperatureFrame(objectCenti: number, ambientCenti: number): Uint8Array {
  const bytes = [0x5a, 0x5a, 0x45, 0x04, objectCenti >> 8, objectCenti & 255, ambientCenti >> 8, ambientCenti & 255];
  return Uint8Array.from([...bytes, bytes.reduce((sum, byte) => sum + byte, 0) & 255]);
}

/** RDM6300: STX, ten hex digits, two of XOR, ETX. */
export function cardFrame(uid: string): Uint8Array {
  const xor = (uid.match(/../g) ?? []).reduce((sum, pair) => sum ^ Number.parseInt(pair, 16), 0);
  const check = xor.toString(16).toUpperCase().padStart(2, '0');
  return Uint8Array.from([2, ...Buffer.from(uid + check, 'latin1'), 3]);
}
