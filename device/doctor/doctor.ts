// The doctor: which serial ports there are, who holds them, what speaks behind them, and how that compares with the configuration.
// Listens only, unless a person allowed asking; stores nothing. Called by `npm run doctor` and by the settings page's routes.
import { realpath } from 'node:fs/promises';
import type { DoctorFinding, DoctorPort, DoctorReport } from '../../src/contracts/settings.ts';
import type { Clock } from '../clock.ts';
import type { DeviceConfig } from '../config.ts';
import { PortError } from '../port-error.ts';
import type { OpenPort } from '../ports.ts';
import { doctorTexts as texts } from '../texts-doctor.ts';
import { type Access, type AccessParts, accessTo } from './access.ts';
import { knownProfile } from './candidates.ts';
import { type Examined, examine } from './examine.ts';
import { accessFinding, finding, heardFindings, holderFinding, proposalOf, shownValue } from './findings.ts';
import { findHolders, type Holders } from './holders.ts';
import { GoneError } from './listen.ts';
import { type FoundPort, listPorts, lookAlikes, portAt, type Roots, systemRoots } from './port-list.ts';
import { isTakenForBraille } from './usb-chips.ts';

export const limits = { ports: 64, atOnce: 8 } as const;

export type DoctorOptions = {
  seconds: number;
  ask: boolean;
  askProfiles: readonly string[];
  /** Ports to be examined beside those that are found. */
  paths: readonly string[];
  /** What the configuration says; its ports are examined too. */
  devices: readonly DeviceConfig[];
  /** True inside the bridge: the configured ports are its own and are left alone. */
  isBridge: boolean;
};

export type DoctorParts = {
  openPort: OpenPort;
  clock: Clock;
  ownPid: number;
  access: AccessParts;
  roots?: Roots;
  proc?: string;
  onChange?: (report: DoctorReport) => void;
};

type Target = {
  port: FoundPort;
  config: DeviceConfig | null;
  /** A port of the machine itself that nobody named: mostly nothing is wired to it, and then nothing is wrong. */
  isUnclaimed: boolean;
};

/** Resolves with the whole report; `onChange` sees it grow. */
export async function runDoctor(options: DoctorOptions, parts: DoctorParts): Promise<DoctorReport> {
  const roots = parts.roots ?? systemRoots;
  const targets = await targetsOf(options, roots);
  const holders = await findHolders(
    targets.map(({ port }) => port.device),
    parts.ownPid,
    parts.proc,
  );
  const report: DoctorReport = { running: true, ok: true, findings: machineFindings(targets, holders), ports: [] };
  const alike = lookAlikes(targets.map(({ port }) => port));
  const tell = (): void => {
    const all = [...report.findings, ...report.ports.flatMap(({ findings }) => findings)];
    report.ok = all.every(({ level }) => level !== 'wrong');
    parts.onChange?.(report);
  };
  const waiting = targets.map((target) => {
    const { port } = target;
    const findings = nameFindings(port, alike.includes(port));
    const shown: DoctorPort = { ...port, stage: 'waiting', findings, proposal: null, values: [] };
    report.ports.push(shown);
    return { target, shown };
  });
  tell();
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await examineOne(next.target, next.shown, holders, options, parts, tell);
      next.shown.stage = 'done';
      tell();
    }
  };
  await Promise.all(Array.from({ length: limits.atOnce }, work));
  report.running = false;
  tell();
  return report;
}

/** Found ports, named ones and configured ones, each device once. */
async function targetsOf(options: DoctorOptions, roots: Roots): Promise<Target[]> {
  const named = [...options.devices.map(({ path }) => path), ...options.paths];
  const ports = [...(await Promise.all(named.map((path) => portAt(path, roots)))), ...(await listPorts(roots))];
  const configs = new Map<string, DeviceConfig>();
  for (const device of options.devices) configs.set(await realpath(device.path).catch(() => device.path), device);
  const once = new Map<string, Target>();
  for (const [index, port] of ports.entries()) {
    if (once.has(port.device) || once.size >= limits.ports) continue;
    const config = configs.get(port.device) ?? null;
    once.set(port.device, { port, config, isUnclaimed: index >= named.length && port.usb === null });
  }
  return [...once.values()];
}

function machineFindings(targets: readonly Target[], holders: Holders): DoctorFinding[] {
  const findings: DoctorFinding[] = [];
  if (targets.length === 0) findings.push(finding('wrong', 'no-ports', texts.noPorts()));
  const modemManager = holders.running('ModemManager');
  if (modemManager) findings.push(finding('wrong', 'modem-manager', texts.modemManager(modemManager.pid)));
  const forBraille = targets.some(
    ({ port: { usb } }) => usb !== null && isTakenForBraille(usb.vendorId, usb.productId),
  );
  if (forBraille && holders.running('brltty')) findings.push(finding('wrong', 'brltty', texts.brltty()));
  if (holders.isPartial) findings.push(finding('note', 'partial', texts.partial()));
  return findings;
}

function nameFindings(port: FoundPort, isAlike: boolean): DoctorFinding[] {
  if (isAlike && port.byPath !== null) return [finding('note', 'look-alike', texts.lookAlike(port.byPath))];
  const isPlain = port.usb !== null && port.byPath === null;
  return isPlain ? [finding('note', 'no-place', texts.noPlace(port.device))] : [];
}

async function examineOne(
  { port, config, isUnclaimed }: Target,
  shown: DoctorPort,
  holders: Holders,
  options: DoctorOptions,
  parts: DoctorParts,
  tell: () => void,
): Promise<void> {
  const say = (...findings: (DoctorFinding | null)[]): void => {
    for (const one of findings) if (one !== null) shown.findings.push(one);
  };
  if (config !== null && options.isBridge) {
    return say(finding('good', 'own', texts.own(config.deviceId, config.profile)));
  }
  const access: Access = await accessTo(port.device, parts.access);
  if (!access.may) return say(accessFinding(access, port));
  const held = holders.of(port.device);
  // A second reader would take bytes from the first: whoever holds it goes on alone.
  if (held.length > 0) return say(...held.map(holderFinding));
  if (config?.role === 'barrier') return say(finding('note', 'barrier', texts.barrierLeft(config.deviceId)));
  let examined: Examined;
  try {
    examined = await examine(port.path, config, {
      ...{ openPort: parts.openPort, clock: parts.clock, seconds: options.seconds },
      ...{ ask: options.ask, askProfiles: options.askProfiles },
      onStage: (stage) => {
        shown.stage = stage;
        tell();
      },
      onValues: (values) => {
        shown.values = values.map(shownValue);
        tell();
      },
    });
  } catch (error) {
    const isMissing = error instanceof PortError && ['absent', 'failed'].includes(error.trouble);
    return say(isUnclaimed && isMissing ? unwired(port) : troubleFinding(error, port));
  }
  if (isUnclaimed && examined.heard.is === 'silence') return say(unwired(port));
  say(...heardFindings(examined, config));
  if (examined.heard.is === 'guess') shown.proposal = proposalOf(examined.heard.guess, port.path);
}

const unwired = ({ device }: FoundPort): DoctorFinding => finding('note', 'unwired', texts.unwired(device));

function troubleFinding(error: unknown, { path, device }: FoundPort): DoctorFinding {
  if (error instanceof GoneError) return finding('wrong', 'gone', texts.gone());
  if (!(error instanceof Error)) throw error;
  const trouble = error instanceof PortError ? error.trouble : 'failed';
  switch (trouble) {
    case 'absent':
      return finding('wrong', 'absent', texts.absent(path));
    case 'locked':
      return finding('wrong', 'held', texts.heldByUnknown(path));
    case 'permission':
      return finding('wrong', 'permission', texts.noGroup(device.replace(/^\/dev\//, '')));
    case 'unsuitable':
      return finding('wrong', 'unsuitable', texts.unsuitable());
    case 'failed':
      return finding('wrong', 'failed', texts.failed(error.message.slice(0, 200)));
    default:
      return trouble satisfies never;
  }
}

/** Profiles that `askProfiles` may name. */
export function isAskable(name: string): boolean {
  return knownProfile(name)?.poll != null && knownProfile(name)?.role !== 'barrier';
}
