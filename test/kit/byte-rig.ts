// Three real ptys (thermometer, reader, barrier) whose far ends are ours: the devices of a gate as bytes, with cables that can
// be pulled. socat holds each pty; its other side is a local TCP socket. Called by e2e tests, crash and soak.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { until } from './programs.ts';

const limits = { receivedBytes: 1_048_576 } as const;

/** One cable: a pty at `path` while it is plugged in. */
export type Cable = {
  path: string;
  /** Everything that the program wrote to the device since `forget`, lower-case hex. */
  receivedHex(): string;
  forget(): void;
  onBytes(listener: (bytes: Buffer) => void): () => void;
  /** Bytes from the device; dropped while unplugged. */
  write(bytes: Uint8Array): void;
  plug(): Promise<void>;
  unplug(): Promise<void>;
  close(): Promise<void>;
};

export async function createCable(folder: string, name: string): Promise<Cable> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  let socket: Socket | null = null;
  let socat: ChildProcess | null = null;
  let received: Buffer[] = [];
  let size = 0;
  const listeners = new Set<(bytes: Buffer) => void>();
  const server: Server = createServer((incoming) => {
    socket = incoming;
    incoming.setNoDelay(true);
    incoming.on('data', (bytes) => {
      received.push(bytes);
      size += bytes.length;
      while (size > limits.receivedBytes) size -= received.shift()?.length ?? 0;
      for (const listener of listeners) listener(bytes);
    });
    incoming.on('error', () => incoming.destroy()); // socat was killed: that is how a cable is pulled
    incoming.on('close', () => {
      if (socket === incoming) socket = null;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address !== 'object') throw new Error('no port for the far end');
  const port = address.port;

  const cable: Cable = {
    path,
    receivedHex: () => Buffer.concat(received).toString('hex'),
    forget() {
      received = [];
      size = 0;
    },
    onBytes(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    write(bytes) {
      socket?.write(bytes);
    },
    async plug() {
      if (socat) return;
      const child = spawn('socat', [`PTY,link=${path},raw,echo=0,mode=666`, `TCP4:127.0.0.1:${port},nodelay`], {
        stdio: 'ignore',
      });
      socat = child;
      await until(`pty ${name}`, () => socket !== null);
    },
    async unplug() {
      const child = socat;
      socat = null;
      if (!child) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      rmSync(path, { force: true });
      socket?.destroy();
    },
    async close() {
      await cable.unplug();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await cable.plug();
  return cable;
}

/** GY-MCU90614 frame of 9 bytes (facts.md 1.1): object and ambient in hundredths of a degree. */
export function gyFrame(objectCenti: number, ambientCenti: number): Uint8Array {
  const frame = Buffer.from([0x5a, 0x5a, 0x45, 0x04, 0, 0, 0, 0, 0]);
  frame.writeInt16BE(objectCenti, 4);
  frame.writeInt16BE(ambientCenti, 6);
  frame[8] = frame.subarray(0, 8).reduce((sum, byte) => sum + byte, 0) & 0xff;
  return frame;
}

/** RDM6300 frame of 14 bytes (facts.md 2.1) for five UID bytes given as ten hex digits. */
export function rdmFrame(uidHex: string): Uint8Array {
  const uid = Buffer.from(uidHex, 'hex');
  const check = uid.reduce((xor, byte) => xor ^ byte, 0);
  const text = uid.toString('hex').toUpperCase() + check.toString(16).toUpperCase().padStart(2, '0');
  return Buffer.concat([Buffer.from([2]), Buffer.from(text, 'latin1'), Buffer.from([3])]);
}

export type ByteRig = {
  thermometer: Cable;
  reader: Cable;
  barrier: Cable;
  /** What stands before the thermometer: raw object temperature; a wall of 22 ℃ at first. Streams at `hz`. */
  look(objectCenti: number): void;
  /** One presentation of a card: three frames 60 ms apart. */
  tap(uidHex: string): void;
  /** Stops the stream (a mute thermometer) or goes on. */
  mute(muted: boolean): void;
  close(): Promise<void>;
};

export async function createByteRig(
  folder: string,
  options: { hz?: number; ambientCenti?: number; tapFrames?: number } = {},
): Promise<ByteRig> {
  const [thermometer, reader, barrier] = await Promise.all([
    createCable(folder, 'thermometer'),
    createCable(folder, 'reader'),
    createCable(folder, 'barrier'),
  ]);
  const ambient = options.ambientCenti ?? 2200;
  let object = ambient;
  let muted = false;
  const stream = setInterval(
    () => {
      if (!muted) thermometer.write(gyFrame(object, ambient));
    },
    1000 / (options.hz ?? 10),
  );
  const timers = new Set<NodeJS.Timeout>();
  return {
    thermometer,
    reader,
    barrier,
    look(objectCenti) {
      object = objectCenti;
    },
    tap(uidHex) {
      const frame = rdmFrame(uidHex);
      for (let repeat = 0; repeat < (options.tapFrames ?? 3); repeat++) {
        const timer = setTimeout(() => {
          timers.delete(timer);
          reader.write(frame);
        }, repeat * 60);
        timers.add(timer);
      }
    },
    mute(value) {
      muted = value;
    },
    async close() {
      clearInterval(stream);
      for (const timer of timers) clearTimeout(timer);
      await Promise.all([thermometer.close(), reader.close(), barrier.close()]);
    },
  };
}
