// `npm run soak:devices [-- --frames N] [--parallel N] [--seed N] [--profile NAME]`: every thermometer and card reader played over a
// real pty at its real baud rate and its fastest pace, 1,000 frames of which 1 % carry one wrong byte. Each line is read by a process of
// its own with the gate's own code, and that process's share of a core is measured. Exit code 1 when a promise does not hold.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openAnyPort } from '../../device/any-port.ts';
import { systemClock } from '../../device/clock.ts';
import type { DeviceEvent } from '../../device/drivers/driver.ts';
import { profileOf } from '../../device/drivers/index.ts';
import type { LineHealth } from '../../device/line-health.ts';
import { createSerialLine } from '../../device/serial-line.ts';
import { playedBaud } from '../../device/simulator/players/played-device.ts';
import { ptyCable } from '../../device/simulator/pty-cable.ts';
import {
  checkedProfiles,
  createPlayedLine,
  fastestHz,
  isUncovered,
  judge,
  lateness,
  limitsOf,
  linedProfiles,
  type PlayedFrame,
  uncheckedProfiles,
  valueIn,
} from '../kit/played-line.ts';
import { numberArgument } from './seeded.ts';

const bounds = { cpuShare: 0.05 } as const;
const flip = 0.01;

type Heard = { events: DeviceEvent[]; cpuMs: number; wallMs: number; health: LineHealth };

const argumentOf = (name: string) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? null : (process.argv[at + 1] ?? '');
};

/** The reading process: opens the line, tells when it is open, and at the end of its input what it heard and what that cost. */
async function read(path: string, name: string): Promise<void> {
  const events: DeviceEvent[] = [];
  let before = process.cpuUsage();
  let sinceMs = 0;
  const line = createSerialLine({
    ...{ deviceId: name, path, profile: profileOf(name), clock: systemClock, random: Math.random },
    openPort: async (...args) => {
      const port = await openAnyPort(...args);
      before = process.cpuUsage();
      sinceMs = performance.now();
      process.stdout.write('open\n');
      return port;
    },
    onEvent: (event) => events.push(event),
  });
  line.start();
  await new Promise((resolve) => process.stdin.once('end', resolve).resume());
  const { user, system } = process.cpuUsage(before);
  const heard: Heard = {
    events,
    cpuMs: (user + system) / 1_000,
    wallMs: performance.now() - sinceMs,
    health: line.health(),
  };
  line.stop();
  process.stdout.write(JSON.stringify(heard), () => process.exit(0));
}

async function soak(name: string, frames: number, seed: number) {
  const folder = mkdtempSync(join(tmpdir(), 'mengang-soak-'));
  const cable = await ptyCable(folder, 'device');
  const device = createPlayedLine({
    ...{ profile: name, frames, faults: { flip }, seed, rateHz: fastestHz(name) ?? 1 },
    write: (bytes) => cable.write(bytes),
  });
  cable.onData((bytes) => device.receive(bytes));
  const child = spawn(process.execPath, [process.argv[1] ?? '', '--read', cable.path, '--profile', name], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    let said = '';
    const isOpen = new Promise<void>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        said += part;
        if (said.startsWith('open\n')) resolve();
      });
      child.once('exit', (code) => reject(new Error(`${name}: the reading process ended with ${code}`)));
    });
    const isOver = new Promise((resolve) => child.stdout.once('end', resolve));
    await isOpen;
    const startMs = performance.now();
    const sent = await device.play();
    const seconds = (performance.now() - startMs) / 1_000;
    // The last frame's silence.
    await sleep(Math.max(300, 2 * profileOf(name).idleMs));
    child.stdin.end();
    await isOver;
    return { name, sent, seconds, stalled: device.stalled(), heard: JSON.parse(said.slice('open\n'.length)) as Heard };
  } finally {
    device.stop();
    child.kill('SIGKILL');
    await cable.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Row = Record<'profile' | 'kind', string> &
  Record<'baud' | 'frames' | 'seconds' | 'damaged' | 'right' | 'late' | 'harmless' | 'wrong' | 'cpuPercent', number> & {
    faults: string[];
  };

function rowOf({ name, sent, seconds, stalled, heard }: Awaited<ReturnType<typeof soak>>): Row {
  const judged = judge(sent, heard.events);
  const values = heard.events.filter((event) => event.kind === 'reading' || event.kind === 'tap');
  const isChecked = checkedProfiles.includes(name);
  const isUnchecked = uncheckedProfiles.includes(name);
  const cpuShare = heard.cpuMs / heard.wallMs;
  const [min, max] = limitsOf[name] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const isOutside = (event: DeviceEvent) => {
    const value = valueIn(event);
    return typeof value === 'number' && (value < min || value > max);
  };
  const refused = (frame: PlayedFrame) => !isUncovered(name, frame);
  // A question that was never answered stands for each damaged frame; more than the machine's own pauses explain is a loss.
  const allowed = lateness(name, heard.health, sent, stalled);
  const faults = [
    ...(judged.missing > allowed ? [`${judged.missing} good frames lost`] : []),
    ...(isChecked && judged.wrong.length > 0 ? [`values that no frame said: ${judged.wrong.join(' ')}`] : []),
    ...(isChecked && judged.harmless.some(refused) ? ['a reading from a damaged frame'] : []),
    ...(isUnchecked && values.some((event) => event.unchecked !== true) ? ['a value is not marked unchecked'] : []),
    ...(values.some(isOutside) ? ['a value outside the limits'] : []),
    ...(cpuShare >= bounds.cpuShare ? [`CPU ${(100 * cpuShare).toFixed(1)} %`] : []),
  ];
  return {
    profile: name,
    kind: isChecked ? 'checked' : isUnchecked ? 'unchecked' : 'other',
    baud: playedBaud(name),
    frames: sent.length,
    seconds: Math.round(seconds),
    damaged: judged.damaged,
    right: judged.right,
    late: judged.missing,
    harmless: judged.harmless.length,
    wrong: judged.wrong.length,
    cpuPercent: Number((100 * cpuShare).toFixed(2)),
    faults,
  };
}

const readPath = argumentOf('read');
if (readPath !== null) {
  await read(readPath, argumentOf('profile') ?? '');
} else {
  const frames = numberArgument('frames', 1_000);
  const parallel = numberArgument('parallel', 10);
  const seed = numberArgument('seed', 20_261_124);
  const only = argumentOf('profile');
  const secondsOf = (name: string) => {
    const hz = fastestHz(name);
    return hz === null ? (profileOf(name).poll?.everyMs ?? 1_000) : 1_000 / hz;
  };
  // The slowest first, so that they do not come alone at the end.
  const names = linedProfiles
    .filter((name) => only === null || name === only)
    .sort((a, b) => secondsOf(b) - secondsOf(a));
  if (names.length === 0) {
    console.error(`--profile: ${linedProfiles.join(', ')}`);
    process.exit(2);
  }
  const rows: Row[] = [];
  const waiting = [...names];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const row = rowOf(await soak(name, frames, seed));
      rows.push(row);
      console.log(`${rows.length}/${names.length} ${name}: ${row.faults.length === 0 ? 'ok' : row.faults.join('; ')}`);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  rows.sort((a, b) => linedProfiles.indexOf(a.profile) - linedProfiles.indexOf(b.profile));
  console.table(rows.map(({ faults, ...row }) => ({ ...row, holds: faults.length === 0 })));
  const bad = rows.filter(({ faults }) => faults.length > 0);
  for (const { profile, faults } of bad) console.log(`${profile}: ${faults.join('; ')}`);
  console.log(bad.length === 0 ? '全部符合 · all hold' : '不符合 · does not hold');
  process.exit(bad.length === 0 ? 0 : 1);
}
