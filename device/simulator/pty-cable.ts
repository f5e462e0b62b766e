// A cable through a real pseudo-terminal: socat holds the pty that the bridge opens with serialport, its other side is a
// local socket of ours. Pulling the cable ends socat, so that the device node is really gone. Called by simulated-gate.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cable } from './cable.ts';

export const limits = { plugMs: 5_000, pollMs: 10 } as const;

export function hasSocat(): boolean {
  return spawnSync('socat', ['-V'], { stdio: 'ignore' }).status === 0;
}

/**
 * Makes the pty `folder/name`; rejects when socat does not give one within 5 s. The folder must exist. `socketFolder` is where the
 * other side's socket lies: its path may have at most about 100 characters.
 */
export async function ptyCable(folder: string, name: string, socketFolder = folder): Promise<Cable> {
  const path = join(folder, name);
  const socketPath = join(socketFolder, `${name}.sock`);
  const listeners = new Set<(bytes: Uint8Array) => void>();
  let socket: Socket | null = null;
  let socat: ChildProcess | null = null;
  let turn = Promise.resolve();

  const server = createServer((incoming) => {
    socket = incoming;
    incoming.on('data', (bytes) => {
      for (const listener of listeners) listener(bytes);
    });
    // Ending socat is how a cable is pulled: the reset that follows is expected, `close` tells it.
    incoming.on('error', () => incoming.destroy());
    incoming.on('close', () => {
      if (socket === incoming) socket = null;
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socketPath, resolve));

  const pull = async () => {
    const child = socat;
    socat = null;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    }
    rmSync(path, { force: true });
    socket?.destroy();
  };
  const insert = async () => {
    if (socat) return;
    const ends = [`PTY,link=${path},raw,echo=0,mode=600`, `UNIX-CONNECT:${socketPath}`];
    const child = spawn('socat', ends, { stdio: 'ignore' });
    socat = child;
    let failure: Error | null = null;
    child.once('error', (error) => {
      failure = error;
    });
    // Ended from outside: the cable is out, as if somebody had pulled it.
    child.once('exit', () => {
      if (socat === child) socat = null;
    });
    const until = performance.now() + limits.plugMs;
    while (!socket || !existsSync(path)) {
      if (failure || performance.now() > until) {
        await pull();
        throw failure ?? new Error(`socat gave no pty at ${path} within ${limits.plugMs} ms`);
      }
      await sleep(limits.pollMs);
    }
  };
  // One after the other, however fast somebody presses.
  const inTurn = (work: () => Promise<void>) => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  await insert();

  return {
    path,
    write: (bytes) => {
      if (socket?.writable) socket.write(bytes);
    },
    onData: (listener) => {
      listeners.add(listener);
    },
    plugged: () => socat !== null,
    plug: (value) => inTurn(value ? insert : pull),
    close: () =>
      inTurn(async () => {
        await pull();
        await new Promise((resolve) => server.close(resolve));
      }),
  };
}
