// The rig itself: frames as facts.md shows them, and bytes that really travel through a pty.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { expect, it, onTestFinished } from 'vitest';
import { createCable, gyFrame, rdmFrame } from './byte-rig.ts';
import { until } from './programs.ts';

it('makes the frames that facts.md shows', () => {
  expect(Buffer.from(gyFrame(3192, 3353)).toString('hex')).toBe('5a5a45040c780d19a7');
  expect(Buffer.from(rdmFrame('010063E9AE')).toString('latin1')).toBe('\u0002010063E9AE25\u0003');
});

it('carries bytes both ways through a pty, and loses the device when the cable is pulled', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mengang-rig-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const cable = await createCable(folder, 'reader');
  const port = new SerialPort({ path: cable.path, baudRate: 9600, autoOpen: false });
  const heard: Buffer[] = [];
  let closed = false;
  port.on('data', (bytes: Buffer) => heard.push(bytes));
  port.on('close', () => {
    closed = true;
  });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  cable.write(rdmFrame('010063E9AE'));
  await until('bytes at the port', () => Buffer.concat(heard).length === 14);
  port.write(Buffer.from('a00101a2', 'hex'));
  await until('bytes at the device', () => cable.receivedHex() === 'a00101a2');
  await cable.unplug();
  await until('the port notices', () => closed);
  await cable.close();
});
