// `npm start`: a hub, a bridge with simulated devices that speak bytes, and the simulator's page, in one command.
// Prints the addresses; its last line at the start is one line of JSON. Run by .ci/launch.mjs.
import { createWriteStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBridge } from '../bridge.ts';
import { systemClock } from '../clock.ts';
import { type BridgeConfig, parseConfig } from '../config.ts';
import { profiles } from '../drivers/index.ts';
import type { Log } from '../log.ts';
import type { OpenPort } from '../ports.ts';
import { openSerialPort } from '../serial-port.ts';
import { type Sentence, spoken } from '../texts.ts';
import { memoryCable } from './cable.ts';
import { sampleCampus } from './demo-seed.ts';
import { type Seed, startHub } from './hub-child.ts';
import { createMemoryPorts } from './memory-port.ts';
import { startNetwork } from './network.ts';
import { readPeople } from './people.ts';
import { hasSocat, ptyCable } from './pty-cable.ts';
import { type Cables, createSimulatedGate } from './simulated-gate.ts';
import { createSimulator } from './simulator.ts';
import { startSimulatorServer } from './simulator-http.ts';
import { requireFolder, requireFreePorts, StartRefusal, type StartSettings, settingsOf } from './start-settings.ts';
import { startTexts } from './texts.ts';

/** Hundredths of a degree: what the sample configuration adds to an object value; the air in the sample gate. */
const offsetCenti = 120;
const ambientCenti = 2_200;

const distDir = fileURLToPath(new URL('..', import.meta.url));
const pagesDir = join(distDir, 'pages');
const hubProgram = fileURLToPath(new URL('hub.js', import.meta.url));
const say = (sentence: Sentence) => console.log(spoken(sentence));

/** What was started, newest last: ended from the end, whatever happened. */
const closers: (() => Promise<void>)[] = [];
let ending: Promise<void> | null = null;

/** Ends everything once; a second call waits for the first. */
function end(code: number): Promise<void> {
  ending ??= (async () => {
    // A start that was refused has nothing to stop, and its sentence should be the last.
    const somethingRuns = closers.length > 0;
    if (somethingRuns) say(startTexts.stopping());
    let worst = code;
    const drain = async () => {
      for (let close = closers.pop(); close; close = closers.pop()) {
        try {
          await close();
        } catch (error) {
          worst = 1;
          console.error(error instanceof Error ? error.message : error);
        }
      }
    };
    await drain();
    // Told to stop in the middle of a start: what came up meanwhile is ended as well.
    await starting;
    await drain();
    if (somethingRuns) say(startTexts.stopped());
    process.exitCode = worst;
    // Whatever might still hold the process is not worth waiting for: all that was started has ended.
    process.stdout.write('', () => process.exit(worst));
  })();
  return ending;
}

async function start(settings: StartSettings): Promise<void> {
  say(startTexts.preparing());
  await requireFreePorts(settings);
  if (!existsSync(pagesDir)) throw new StartRefusal(startTexts.notBuilt(pagesDir));
  await requireFolder(settings.stateDir);

  say(startTexts.database());
  const hub = await startHub({
    program: hubProgram,
    port: settings.hubPort,
    stateDir: join(settings.stateDir, 'hub'),
    logFile: join(settings.stateDir, 'hub.log'),
    onStarted: (stop) => closers.push(stop),
  });
  hub.onDied((code) => {
    if (ending) return;
    console.error(spoken(startTexts.hubDied(code)));
    void end(1);
  });
  say(startTexts.hubUp());
  say(startTexts.seeding());
  const seed = await sampleCampus(join(settings.stateDir, 'demo.json'), hub);

  const network = await startNetwork(settings.hubPort);
  closers.push(() => network.close());
  const { cables, openPort, ports } = await makeCables(settings);
  const gate = createSimulatedGate({
    cables,
    clock: systemClock,
    random: Math.random,
    wallMs: Date.now,
    offsetCenti,
    ambientCenti,
  });
  closers.push(() => gate.close());
  say(ports === 'pty' ? startTexts.portsPty() : startTexts.portsMemory());

  const config = configOf(settings, `http://127.0.0.1:${network.port}`, seed, cables);
  const bridge = await startBridge(config, {
    openPort,
    pagesDir,
    simulated: true,
    log: fileLog(join(settings.stateDir, 'bridge.log')),
  });
  closers.push(() => bridge.stop());
  say(startTexts.bridgeUp());

  const addresses = {
    gate: bridge.url,
    clinic: `http://localhost:${settings.hubPort}/clinic`,
    rounds: `http://localhost:${settings.hubPort}/rounds`,
    office: `http://localhost:${settings.hubPort}/office`,
    admin: `http://localhost:${settings.hubPort}/admin`,
    simulator: `http://localhost:${settings.simulatorPort}/`,
  };
  const simulator = createSimulator({
    gate,
    network,
    ports,
    gateUrl: addresses.gate,
    clinicUrl: addresses.clinic,
    people: () => readPeople(hub.url, seed.station.token),
  });
  const server = await startSimulatorServer(settings.simulatorPort, pagesDir, simulator);
  closers.push(() => server.stop());
  announce(addresses, seed);
}

async function makeCables(
  settings: StartSettings,
): Promise<{ cables: Cables; openPort: OpenPort; ports: 'pty' | 'memory' }> {
  if (settings.ports === 'memory' || !hasSocat()) {
    const memory = createMemoryPorts();
    const at = (name: string) => memoryCable(memory, `/simulated/${name}`);
    const cables = { thermometer: at('thermometer'), reader: at('reader'), barrier: at('barrier') };
    // The settings' doctor may be pointed at a real port beside the simulated ones.
    const openPort: OpenPort = (path, ...rest) =>
      path.startsWith('/simulated/') ? memory.openPort(path, ...rest) : openSerialPort(path, ...rest);
    return { cables, openPort, ports: 'memory' };
  }
  // Not in the state folder: a socket's path has at most about 100 characters.
  const folder = mkdtempSync(join(tmpdir(), 'mengang-ports-'));
  closers.push(async () => rmSync(folder, { recursive: true, force: true }));
  const at = async (name: string) => {
    const cable = await ptyCable(folder, name);
    closers.push(() => cable.close());
    return cable;
  };
  const cables = { thermometer: await at('thermometer'), reader: await at('reader'), barrier: await at('barrier') };
  return { cables, openPort: openSerialPort, ports: 'pty' };
}

function configOf(settings: StartSettings, hubUrl: string, seed: Seed, cables: Cables): BridgeConfig {
  const { name, campus, code, token } = seed.station;
  const text = JSON.stringify({
    port: settings.gatePort,
    hubUrl,
    stationToken: token,
    stateDir: join(settings.stateDir, 'bridge'),
    station: { name, campus, code, clinicPhone: seed.clinicPhone ?? '8120' },
    devices: [
      {
        role: 'thermometer',
        profile: 'gy-mcu90614',
        path: cables.thermometer.path,
        site: 'forehead',
        bodyOffsetC: offsetCenti / 100,
      },
      { role: 'reader', profile: 'rdm6300', path: cables.reader.path },
      { role: 'barrier', profile: 'lcus', path: cables.barrier.path, channel: 1, pulseMs: 300 },
    ],
  });
  const known = { profileOf: (profile: string) => profiles.get(profile) ?? null, names: [...profiles.keys()] };
  const parsed = parseConfig(text, join(settings.stateDir, 'gate.config.json'), known);
  if (parsed.ok) return parsed.config;
  throw new StartRefusal(startTexts.failed(parsed.problems.map(spoken).join(' ')));
}

/** The bridge's lines go to a file: on the terminal the addresses stay in sight. */
function fileLog(path: string): Log {
  const file = createWriteStream(path, { flags: 'w', mode: 0o600 });
  const at =
    (level: string): Log['info'] =>
    (fields, sentence) => {
      file.write(
        `${JSON.stringify({ level, time: new Date().toISOString(), ...fields, ...(sentence ? { msg: sentence } : {}) })}\n`,
      );
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

const pages = ['gate', 'clinic', 'rounds', 'office', 'admin', 'simulator'] as const;
type Page = (typeof pages)[number];

function announce(addresses: Record<Page, string>, seed: Seed): void {
  console.log('');
  say(startTexts.ready());
  for (const key of pages) {
    console.log(`  ${spoken(startTexts[key]())}: ${addresses[key]}`);
  }
  say(startTexts.accounts());
  for (const { role, name, password, pin } of seed.accounts) {
    const label = startTexts.roles[role];
    console.log(`  ${label ? spoken(label) : role}: ${name}  ${pin === undefined ? password : `PIN ${pin}`}`);
  }
  say(startTexts.stopHint());
  console.log(JSON.stringify({ ...addresses, accounts: seed.accounts }));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
process.on('uncaughtException', (error) => {
  console.error(error);
  void end(1);
});

/** Resolves when the start is over, well or not. */
const starting = (async () => {
  try {
    await start(settingsOf(process.env));
  } catch (error) {
    if (ending) return;
    console.error(spoken(sentenceOf(error)));
    void end(1);
  }
})();

function sentenceOf(error: unknown): Sentence {
  if (typeof error === 'object' && error !== null && 'sentence' in error) {
    const { sentence } = error as { sentence: Sentence };
    if (typeof sentence?.zh === 'string') return sentence;
  }
  return startTexts.failed(error instanceof Error ? error.message : String(error));
}
