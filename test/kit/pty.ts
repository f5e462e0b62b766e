// Real ptys made by socat, for tests of real serial ports: a pair of ends, or one end whose far side is this test.
// Called by test/device and whoever needs a cable that can be pulled.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const limits = { appearMs: 5_000, stepMs: 10 } as const;

export type PtyPair = { pathA: string; pathB: string; close(): Promise<void> };

/** Two ends of one cable, as paths; what is written to one is read from the other. */
export async function ptyPair(): Promise<PtyPair> {
  const folder = mkdtempSync(join(tmpdir(), 'mengang-pty-'));
  const pathA = join(folder, 'a');
  const pathB = join(folder, 'b');
  const child = spawn('socat', [`PTY,link=${pathA},raw,echo=0`, `PTY,link=${pathB},raw,echo=0`], { stdio: 'ignore' });
  await appear(child, [pathA, pathB]);
  return {
    pathA,
    pathB,
    close: async () => {
      await kill(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type PtyDevice = {
  path: string;
  /** Bytes from the device. */
  write(bytes: Uint8Array): void;
  /** All bytes that the program has written since the cable was plugged in for the first time, lower-case hex. */
  receivedHex(): string;
  plug(): Promise<void>;
  /** Pulls the cable: the node is gone, a program that reads gets an error or nothing at all. */
  unplug(): Promise<void>;
  /** Stops the far side in its tracks: it takes no bytes until `thaw`. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
};

/** One device behind a pty; plugged in at first. */
export async function ptyDevice(): Promise<PtyDevice> {
  const folder = mkdtempSync(join(tmpdir(), 'mengang-pty-'));
  const path = join(folder, 'device');
  const received: Buffer[] = [];
  let child: ChildProcess | null = null;

  const device: PtyDevice = {
    path,
    write: (bytes) => {
      if (!child?.stdin) throw new Error('the cable is out');
      child.stdin.write(bytes);
    },
    receivedHex: () => Buffer.concat(received).toString('hex'),
    plug: async () => {
      if (child) return;
      child = spawn('socat', ['-b', '512', 'STDIO', `PTY,link=${path},raw,echo=0`], {
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      child.stdout?.on('data', (bytes: Buffer) => received.push(bytes));
      child.stdin?.on('error', () => undefined); // the cable was pulled while bytes were on their way
      await appear(child, [path]);
    },
    unplug: async () => {
      const last = child;
      child = null;
      if (last) await kill(last);
      rmSync(path, { force: true });
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    close: async () => {
      await device.unplug();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await device.plug();
  return device;
}

/** Waits until `isSo`, at most `withinMs`; throws with `what` in its message otherwise. */
export async function eventually(what: string, isSo: () => boolean, withinMs: number = limits.appearMs): Promise<void> {
  const untilMs = performance.now() + withinMs;
  while (!isSo()) {
    if (performance.now() > untilMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(limits.stepMs);
  }
}

export const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

async function appear(child: ChildProcess, paths: readonly string[]): Promise<void> {
  let failure: string | null = null;
  child.once('error', (error) => {
    failure = `socat does not start (${error.message}): install the package socat`;
  });
  child.once('exit', (code) => {
    failure ??= `socat ended with code ${code}`;
  });
  await eventually(`pty ${paths.join(', ')}`, () => failure !== null || paths.every((path) => existsSync(path)));
  if (failure !== null) throw new Error(failure);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  await gone;
}
