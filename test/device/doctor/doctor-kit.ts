// A machine for the doctor: no ports but those that a test plays on real ptys. Called by the doctor's tests.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAnyPort } from '../../../device/any-port.ts';
import { doctorTool } from '../../../device/cli/doctor-tool.ts';
import { systemClock } from '../../../device/clock.ts';
import type { DoctorParts } from '../../../device/doctor/doctor.ts';
import { thisMachine } from '../../../device/doctor/machine.ts';
import { profileOf } from '../../../device/drivers/index.ts';
import { openSerialPort } from '../../../device/serial-port.ts';
import { createAnyThermometer } from '../../../device/simulator/players/any-thermometer.ts';
import { type DoctorReport, doctorReport } from '../../../src/contracts/settings.ts';
import { pause, ptyPair } from '../../kit/pty.ts';
import { seeded } from '../byte-tools.ts';

const cleanUp: (() => unknown)[] = [];

/** Undoes everything that was plugged in. */
export async function cleared(): Promise<void> {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
}

export function later(undo: () => unknown): void {
  cleanUp.push(undo);
}

/** A folder with nothing in it, in the place of /dev and /sys/class/tty. */
export function emptyRoots(): { dev: string; sys: string; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'mengang-doctor-'));
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  const roots = { folder, dev: join(folder, 'dev'), sys: join(folder, 'sys') };
  mkdirSync(roots.dev);
  mkdirSync(roots.sys);
  return roots;
}

export type Run = { code: number; report: DoctorReport; lines: string[]; errors: string[] };

/** Runs the tool on the real machine with `--json`; `text` lacks it and gives lines. */
export async function doctor(args: readonly string[], change: Partial<DoctorParts> = {}): Promise<Run> {
  const lines: string[] = [];
  const errors: string[] = [];
  const parts = { ...thisMachine(openAnyPort, systemClock), roots: emptyRoots(), ...change };
  const code = await doctorTool(args, parts, { out: (line) => lines.push(line), error: (line) => errors.push(line) });
  const report = args.includes('--json')
    ? doctorReport.parse(JSON.parse(lines[0] ?? '{}'))
    : { running: false, ok: code === 0, findings: [], ports: [] };
  return { code, report, lines, errors };
}

export type Far = { path: string; write(bytes: Uint8Array): void; written: () => string; stop(): void };

/** The far end of a cable; `hear` is called with what the program writes. */
export async function farEnd(baudRate = 9_600, hear: (bytes: Uint8Array) => void = () => undefined): Promise<Far> {
  const cable = await ptyPair();
  cleanUp.push(() => cable.close());
  const written: number[] = [];
  const port = await openSerialPort(cable.pathB, baudRate, {
    data: (bytes) => {
      written.push(...bytes);
      hear(bytes);
    },
    gone: () => undefined,
  });
  cleanUp.push(() => port.destroy());
  let isStopped = false;
  let sending = Promise.resolve();
  cleanUp.push(() => {
    isStopped = true;
    return sending;
  });
  const byteMs = 10_000 / baudRate;
  return {
    path: cable.pathA,
    written: () => Buffer.from(written).toString('hex'),
    stop: () => {
      isStopped = true;
    },
    // Frames keep the pace of their rate; the bytes of one are written together, as an adapter hands them on.
    write: (bytes) => {
      sending = sending.then(async () => {
        if (isStopped) return;
        await port.write(bytes);
        await pause(bytes.length * byteMs);
      });
    },
  };
}

/** A thermometer of this profile with 35.30 before it. */
export async function played(name: string): Promise<Far> {
  const far = await farEnd(profileOf(name).baudRate, (bytes) => player?.receive(bytes));
  const player = createAnyThermometer(name, {
    write: far.write,
    clock: systemClock,
    random: seeded(1),
    noiseCenti: 0,
  });
  if (!player) throw new Error(`nobody plays ${name}`);
  player.show(3_530);
  player.start();
  cleanUp.push(() => player.stop());
  return far;
}

/** Writes this frame again and again. */
export function repeated(far: Far, frame: (n: number) => Uint8Array, everyMs: number): void {
  let n = 0;
  const timer = setInterval(() => {
    far.write(frame(n));
    n += 1;
  }, everyMs);
  cleanUp.push(() => clearInterval(timer));
}
