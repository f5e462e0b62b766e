// Composition of the bridge process: journal, devices, barrier, pages, hub link. Called by main and by the simulated station.
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BridgeMessage } from '../src/contracts/device-stream.ts';
import { contractVersion } from '../src/contracts/kit.ts';
import type { Entry } from '../src/domain/entry.ts';
import { createBacklight, systemBacklights } from './backlight.ts';
import { type BarrierDrive, osdpDrive, serialDrive } from './barrier-drive.ts';
import { createBatchSigner } from './batch-signer.ts';
import { createBarrier } from './bridge-barrier.ts';
import { createDevices, type Devices } from './bridge-devices.ts';
import { createFeedback } from './bridge-feedback.ts';
import { servePage } from './bridge-page.ts';
import { BridgeRefusal, refusalOf } from './bridge-refusal.ts';
import { createPageSocket } from './bridge-socket.ts';
import { createOwnUploader } from './bridge-uploader.ts';
import { createOwnWriter } from './bridge-writer.ts';
import { buildOfPages, ownBuild } from './build-stamp.ts';
import { type Clock, systemClock } from './clock.ts';
import type { BarrierConfig, BridgeConfig, DeviceConfig, FeedbackConfig } from './config.ts';
import { createConfigFile } from './config-file.ts';
import { systemProbe } from './disk-probe.ts';
import { thisMachine } from './doctor/machine.ts';
import { profiles } from './drivers/index.ts';
import { makeFolder } from './folder.ts';
import { createGuards } from './guards.ts';
import { createHeadsKeeper } from './heads-keeper.ts';
import { startHttp } from './http.ts';
import { createDoors } from './http-doors.ts';
import { createForwarder } from './http-forward.ts';
import { createHubClient } from './http-hub.ts';
import { readStaticFiles } from './http-static.ts';
import { createTabletForwarder } from './http-tablet.ts';
import { createHubContact } from './hub-contact.ts';
import { bootIdOf, type InstrumentBook, openInstrumentBook } from './instrument-book.ts';
import { instrumentRoutes } from './instrument-http.ts';
import { createInstruments } from './instruments.ts';
import { openJournal } from './journal.ts';
import { lockFolder } from './journal-lock.ts';
import type { JournalReport } from './journal-segments.ts';
import { type Log, silentLog } from './log.ts';
import { createLogRing } from './log-ring.ts';
import { createMetrics } from './metrics.ts';
import { createPageKeeper } from './page-standing.ts';
import { paperRoutes } from './paper-http.ts';
import { createPolicyKeeper } from './policy-keeper.ts';
import type { OpenPort } from './ports.ts';
import { createPruner } from './pruner.ts';
import { createPulseBook } from './pulse-book.ts';
import { createSelfTest } from './self-test.ts';
import { doctorRoutes } from './settings-doctor.ts';
import { createSettingsHttp } from './settings-http.ts';
import { learnRoutes } from './settings-learn.ts';
import { createSettingsLive } from './settings-live.ts';
import { postRoutes } from './settings-post.ts';
import { readState, writeState } from './state-file.ts';
import { stationKey } from './station-key.ts';
import { spoken, texts } from './texts.ts';
import { type StickRoots, systemSticks } from './usb-stick.ts';

/** Writers that a hello names at most; the newest are kept, since a message has 64 KiB. */
export const limits = { helloWriters: 256 } as const;

export type BridgeDeps = {
  openPort: OpenPort;
  /** Folder of the built pages (dist/pages). */
  pagesDir: string;
  /** The configuration's file, so that settings can write into it when asked; none in the simulated start. */
  configPath?: string;
  /** Instead of config.stateDir. */
  stateDir?: string;
  clock?: Clock;
  /** Wall clock, ms since 1970; stamped on entries, never used for order. */
  wallMs?: () => number;
  /** In [0, 1); for back-off jitter alone, never for tokens or ids. */
  random?: () => number;
  log?: Log;
  /** True when the devices are simulated: the page says so. */
  simulated?: boolean;
  /** Where sticks are mounted and where the backlight lies, instead of the machine's own folders. */
  sticks?: StickRoots;
  backlights?: string;
};

export type Bridge = {
  /** 'http://localhost:7411/' */
  url: string;
  /** Closes the barrier, the ports, the journal and the server; resolves when the process could end. */
  stop(): Promise<void>;
};

/** Starts everything, or throws a BridgeRefusal with one sentence that says what to do; a missing port is no reason to. */
export async function startBridge(config: BridgeConfig, deps: BridgeDeps): Promise<Bridge> {
  const stateDir = deps.stateDir ?? config.stateDir;
  const undo: (() => Promise<void> | void)[] = [];
  const unwind = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    await makeFolder(stateDir);
    undo.push(await lockFolder(stateDir));
    await compose(config, deps, stateDir, undo);
  } catch (error) {
    await unwind();
    throw refusalOf(error, config.port, stateDir);
  }
  let stopping: Promise<void> | null = null;
  return {
    url: `http://localhost${config.port === 80 ? '' : `:${config.port}`}/`,
    stop: () => {
      stopping ??= unwind();
      return stopping;
    },
  };
}

/** Builds and starts the parts in order; what each leaves to be undone is undone in the reverse order. */
async function compose(
  config: BridgeConfig,
  deps: BridgeDeps,
  stateDir: string,
  undo: (() => Promise<void> | void)[],
): Promise<void> {
  const clock = deps.clock ?? systemClock;
  const wallMs = deps.wallMs ?? Date.now;
  const random = deps.random ?? Math.random;
  const ring = createLogRing(deps.log ?? silentLog, wallMs);
  const { log } = ring;
  const metrics = createMetrics();
  const files = await readStaticFiles(deps.pagesDir, { rounds: config.rounds === true }).catch(() => null);
  if (files?.get('/') === undefined) throw new BridgeRefusal(texts.pagesMissing(deps.pagesDir));

  const report = (told: JournalReport): void => tellReport(log, told);
  const journal = await openJournal({ dir: join(stateDir, 'journal'), wallMs, report });
  undo.push(() => journal.close());

  const onHub = metrics.hub;
  const contact = createHubContact({ clock, wallMs });
  const hub = createHubClient(config.hubUrl, config.stationToken, await certificateOf(config.hubCa), contact.heard);
  undo.push(() => hub.close());
  const policy = await createPolicyKeeper(stateDir, log, () => instruments.look(), wallMs);
  const key = await stationKey(stateDir);
  const signer = createBatchSigner({ key, stationId: config.stationId, journal });
  const pageKeeper = createPageKeeper({ journal, hub, signer, log });
  const headsKeeper = await createHeadsKeeper({ stateDir, hub, clock, wallMs, random, log });
  const pruner = createPruner({ stateDir, hub, journal, clock, wallMs, random, log });
  const guards = await createGuards({
    ...{ stateDir, hub, clock, wallMs, random, log, onHub },
    onStation: (answer) => {
      contact.confirmed();
      return policy.take(answer);
    },
    onChange: () => {
      // The page learns the new list with its next hello; who is no longer on it is signed out now.
      const signedIn = guards.signedIn();
      pages.page()?.send({ type: 'signed', signedIn, posts: guards.posts(), error: null, retryInMs: 0 });
    },
    onShift: (body) => writer.write(body),
  });
  const uploader = await createOwnUploader({ stateDir, hub, journal, signer, clock, wallMs, random, log, onHub });
  const writer = createOwnWriter({
    append: (envelope) => journal.append(envelope),
    stationId: config.stationId,
    hubOffsetMs: uploader.hubOffsetMs,
    onStored: uploader.wake,
    onDuty: () => guards.signedIn()?.staffId ?? null,
    ...{ clock, wallMs, randomBytes, log },
  });
  undo.push(() => writer.stop());

  const barrierConfig = config.devices.find((device): device is BarrierConfig => device.role === 'barrier');
  const barrier =
    barrierConfig === undefined
      ? null
      : createBarrier(
          driveOf(barrierConfig, () => devices),
          clock,
        );
  const feedbackConfig = config.devices.find((device): device is FeedbackConfig => device.role === 'feedback');
  const feedback =
    feedbackConfig === undefined
      ? null
      : createFeedback({
          ...{ config: feedbackConfig, direction: config.station.direction, clock, log, write: writer.write },
          onPassed: metrics.passed,
        });
  undo.push(() => feedback?.stop());
  const instruments = createInstruments({
    ...{ devices: config.devices, book: await instrumentBookOf(config.devices, stateDir), clock, wallMs, log },
    policy: policy.current,
    simulated: deps.simulated ?? false,
    stateOf: (deviceId) => devices.lineOf(deviceId)?.state().state ?? 'absent',
    write: writer.write,
    onStanding: (deviceId) => devices.retell(deviceId),
  });
  undo.push(() => instruments.stop());
  const devices = createDevices(config.devices, {
    ...{ openPort: deps.openPort, clock, random, log },
    onSignal: (signal) => {
      metrics.signals(signal.type);
      instruments.hear(signal);
      const staffId = signal.type === 'tap' ? guards.ownerOf(signal) : null;
      pages.page()?.signal(staffId === null ? signal : ({ ...signal, staffId } as typeof signal));
      settingsLive.signal(signal);
    },
    onStatus: (status) => {
      if (status.deviceId === barrierConfig?.deviceId) barrier?.lineChanged(status.state);
      if (status.deviceId === feedbackConfig?.deviceId && status.state !== 'online') feedback?.lost();
      pages.page()?.send({ type: 'device', status });
    },
    onRejected: metrics.rejected,
    onContact: (isClosed, atMs) => feedback?.contact(isClosed, atMs),
    barrierOff: () => barrier?.offFrames() ?? [],
    sensorBar: instruments.sensorBar,
  });

  const { stationId, station } = config;
  const bootId = randomUUID();
  const hello = (): Extract<BridgeMessage, { type: 'hello' }> => ({
    type: 'hello',
    contract: contractVersion,
    bootId,
    monoMs: Math.round(clock.nowMs()),
    wallMs: Math.round(wallMs()),
    station: { id: stationId, ...station },
    simulated: deps.simulated ?? false,
    devices: devices.statuses(),
    journal: journal
      .heads('page')
      .slice(-limits.helloWriters)
      .map((head) => {
        const floor = journal.floor(head.writerId);
        return floor === null ? head : { ...head, floor };
      }),
    guards: guards.list(),
    signedIn: guards.signedIn(),
    posts: guards.posts(),
  });
  const bounds = () => ({
    direction: station.direction,
    signedIn: Object.values(guards.posts()).flatMap((post) => (post === null ? [] : [post.staffId])),
    unfitDevices: instruments.unfit(),
  });
  const pulseBook = createPulseBook({ stationId, nowMs: clock.nowMs, bounds });
  const admission = {
    append: journal.append.bind(journal),
    onStored: (entry: Entry, entryId: string) => {
      pulseBook.stored(entry, entryId);
      instruments.decided(entry);
    },
    barrier,
    bounds: () => ({ ...bounds(), memory: pulseBook.memory() }),
    stationId,
    clock,
    onPulse: () => feedback?.admitted(),
    onVerdict: devices.show,
  };
  const doors = createDoors(config.port, await pageSecret(stateDir));
  const pages = createPageSocket({
    ...{ doors, clock, log },
    serve: (socket) =>
      servePage(socket, {
        hello,
        admission,
        journal,
        devices,
        guards,
        pulseBook,
        key,
        clock,
        metrics,
        log,
        greeted: pageKeeper.greeted,
      }),
    onPage: (connected) => {
      metrics.page(connected);
      log.info({ event: connected ? 'page-connected' : 'page-gone' });
    },
  });
  undo.push(() => pages.stop());
  const settingsLive = createSettingsLive({
    ...{ configs: config.devices, devices: () => devices, clock },
    isOpen: () => settings.isOpen(),
  });
  const selfTest = createSelfTest({
    ...{ contact, wallMs, devices: devices.statuses, probe: systemProbe },
    journalDir: join(stateDir, 'journal'),
    uploadOffsetMs: uploader.hubOffsetMs,
    guards: () => guards.list().length,
    policy: () => ({ version: policy.current().version, cameWallMs: policy.cameWallMs() }),
  });
  const known = { profileOf: (name: string) => profiles.get(name) ?? null, names: [...profiles.keys()] };
  const configFile = deps.configPath === undefined ? null : createConfigFile(deps.configPath, known, wallMs);
  const settings = createSettingsHttp({
    ...{ doors, guards, clock, log, station },
    onOpened: settingsLive.forget,
    routes: [
      settingsLive.route,
      ...doctorRoutes({ devices: config.devices, doctor: thisMachine(deps.openPort, clock), log }),
      ...learnRoutes({ ...{ configs: config.devices, tap: settingsLive.tap, log }, file: configFile }),
      ...paperRoutes({ writer, policy: policy.current, station: config.station, wallMs, newId: randomUUID }),
      ...instrumentRoutes({ instruments, policy: policy.current, wallMs }),
      ...postRoutes({
        ...{ bridge: ownBuild(), pages: buildOfPages(files), selfTest, ring, clock, wallMs, log },
        ...{ policy: policy.current, policyCameWallMs: policy.cameWallMs, stationCode: station.code },
        sticks: deps.sticks ?? systemSticks,
        backlight: createBacklight(deps.backlights ?? systemBacklights),
      }),
    ],
  });
  const http = await startHttp({
    ...{ port: config.port, doors, files, log, settings },
    forward: createForwarder(hub, signer, log, onHub),
    tablet: config.rounds === true ? createTabletForwarder(hub, new URL(config.hubUrl).origin, log, onHub) : null,
    health: () => {
      const states = devices.statuses().map(({ deviceId, role, state, code }) => ({ deviceId, role, state, code }));
      const { entries, holes } = journal.counts();
      return {
        status: 200,
        body: {
          ...{ ok: true, devices: states, journal: { entries, holes } },
          page: {
            connected: pages.page() !== null,
            lastHeardMs: pages.lastHeardMs(),
            unjournaled: pageKeeper.unjournaled(),
          },
        },
      };
    },
    settle: pageKeeper.settle,
    metrics: () => metrics.render(devices.statuses(), journal.counts()),
    upgrade: pages.upgrade,
  });
  undo.push(() => {
    // The page first: a server waits for its upgraded connections for ever.
    pages.stop();
    return http.stop();
  });

  devices.start();
  guards.start();
  uploader.start();
  pruner.start();
  headsKeeper.start();
  undo.push(async () => {
    guards.stop();
    headsKeeper.stop();
    await pruner.stop();
    await uploader.stop();
    // The barrier first, while its line still stands.
    await barrier?.stop();
    devices.stop();
  });
}

/** How this barrier is moved, whichever line it is on. */
function driveOf(config: BarrierConfig, devices: () => Devices): BarrierDrive {
  const { deviceId } = config;
  return config.osdp === undefined
    ? serialDrive(config, () => devices().lineOf(deviceId))
    : osdpDrive(config, () => devices().osdpLineOf(deviceId));
}

function tellReport(log: Log, told: JournalReport): void {
  if (told.kind === 'torn-tail') {
    log.warn({ event: 'torn-tail', count: told.bytes }, spoken(texts.tornTail(told.file, told.bytes)));
  } else if (told.kind === 'damaged') {
    const near = told.entryId ?? told.after;
    const fields = { event: 'journal-damaged', code: 'E-52', ...(told.entryId ? { entryId: told.entryId } : {}) };
    log.error(fields, spoken(texts.journalDamaged(told.file, told.line, near)));
  } else {
    log.error({ event: 'journal-write-failed', code: 'E-51', reason: told.reason });
  }
}

/** What the state folder knows of this station's thermometers. */
async function instrumentBookOf(devices: readonly DeviceConfig[], stateDir: string): Promise<InstrumentBook> {
  const known = devices.flatMap((device) =>
    device.role === 'thermometer'
      ? [[device.deviceId, { profile: device.profile, forgetsPowerOn: device.warmUp === 'ask' }] as const]
      : [],
  );
  return openInstrumentBook(stateDir, new Map(known), await bootIdOf());
}

/** The secret in the page's cookie, made once for a state folder. */
async function pageSecret(stateDir: string): Promise<string> {
  const path = join(stateDir, 'page-secret.json');
  const stored = await readState(path);
  if (typeof stored === 'string' && stored.length === 43) return stored;
  const made = randomBytes(32).toString('base64url');
  await writeState(path, made);
  return made;
}

async function certificateOf(path: string | null): Promise<string | null> {
  if (path === null) return null;
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new BridgeRefusal(texts.hubCaUnreadable(path, error instanceof Error ? error.message : ''));
  }
}
