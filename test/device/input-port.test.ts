// The event device as a port, with a named pipe in its place: bytes come in, nothing goes out, its end is noticed.
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openInputPort } from '../../device/input-port.ts';
import type { Port } from '../../device/ports.ts';
import { typed } from './input-events.ts';

let folder = '';
let path = '';
let port: Port | null = null;
let writer: FileHandle | null = null;
let received: Uint8Array[] = [];
let gone: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mengang-input-'));
  path = join(folder, 'event0');
  execFileSync('mkfifo', [path]);
  received = [];
  gone = [];
});
afterEach(async () => {
  port?.destroy();
  port = null;
  await writer?.close();
  writer = null;
  rmSync(folder, { recursive: true, force: true });
});

const handlers = { data: (bytes: Uint8Array) => void received.push(bytes), gone: (why: string) => void gone.push(why) };

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 250; tries += 1) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never: ${what}`);
}

function hasReader(): boolean {
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENXIO') return false;
    throw error;
  }
}

test('what is typed arrives byte for byte', async () => {
  port = await openInputPort(path, 9_600, handlers);
  writer = await open(path, 'w');
  const bytes = typed('0006547886');
  await writer.write(bytes);
  await until(() => Buffer.concat(received).length === bytes.length, 'all bytes');
  expect(Uint8Array.from(Buffer.concat(received))).toEqual(bytes);
  expect(await port.stillThere()).toBe(true);
  await expect(port.write(Uint8Array.of(1))).rejects.toThrow(/no commands/);
});

test('the end of the device is told once', async () => {
  port = await openInputPort(path, 9_600, handlers);
  writer = await open(path, 'w');
  await writer.close();
  writer = null;
  await until(() => gone.length > 0, 'gone');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(gone).toEqual(['unplugged']);
});

test('after destroy nothing is told, and the reading process is gone', async () => {
  port = await openInputPort(path, 9_600, handlers);
  writer = await open(path, 'w');
  expect(hasReader()).toBe(true);
  port.destroy();
  await writer.close();
  writer = null;
  // A pipe that nobody reads cannot be opened for writing without waiting.
  await until(() => !hasReader(), 'no process reads it');
  expect(gone).toEqual([]);
});

test('a missing device is absent, one that is replaced is not the same', async () => {
  await expect(openInputPort(join(folder, 'event9'), 9_600, handlers)).rejects.toMatchObject({ trouble: 'absent' });
  port = await openInputPort(path, 9_600, handlers);
  rmSync(path);
  expect(await port.stillThere()).toBe(false);
});

test.skipIf(process.getuid?.() === 0)('a device that may not be read says so', async () => {
  const closed = join(folder, 'event1');
  writeFileSync(closed, '');
  chmodSync(closed, 0o000);
  await expect(openInputPort(closed, 9_600, handlers)).rejects.toMatchObject({ trouble: 'permission' });
});
