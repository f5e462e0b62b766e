// Real serial ports as the bridge sees them, on serialport 13 with what it gets wrong kept out (facts.md, findings 1 and 2):
// listeners before open, never paused, one object for one connection. Called by the bridge's serial lines.
import { SerialPort } from 'serialport';
import { isSameNode, nodeOf } from './device-node.ts';
import { PortError, type PortTrouble } from './port-error.ts';
import type { OpenPort, Port } from './ports.ts';

/** Opens a fresh port; rejects with a PortError. `gone` is called at most once, and never after `destroy`. */
export const openSerialPort: OpenPort = async (path, baudRate, handlers) => {
  const node = await nodeOf(path);
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  let isOver = false;
  const over = (reason: string) => {
    if (isOver) return;
    isOver = true;
    drop(port);
    handlers.gone(reason);
  };
  port.on('data', (bytes: Uint8Array) => {
    if (!isOver) handlers.data(bytes);
  });
  // Without a listener an error that comes while closing would end the process.
  port.on('error', (error) => over(error.message));
  port.on('close', (error: Error | null) => over(error?.message ?? 'closed'));
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (!error) return resolve();
      isOver = true;
      reject(new PortError(troubleOf(error.message), error.message));
    });
  });
  return {
    write: (bytes) =>
      new Promise<void>((resolve, reject) => {
        if (isOver || !port.isOpen) return reject(new PortError('failed', `write to a closed port: ${path}`));
        port.write(Buffer.from(bytes), (error: Error | null | undefined) => (error ? reject(error) : resolve()));
      }),
    destroy: () => {
      isOver = true;
      drop(port);
    },
    stillThere: () => isSameNode(path, node),
  } satisfies Port;
};

/** Closes the file and drops the stream with all that is queued in it. */
function drop(port: SerialPort): void {
  // A close that fails has nobody left to tell: the port is being thrown away, and `error` is listened to.
  if (port.isOpen) port.close(() => undefined);
  port.destroy();
}

/** serialport gives messages without codes. */
function troubleOf(message: string): PortTrouble {
  if (/cannot lock port|temporarily unavailable/i.test(message)) return 'locked';
  if (/permission denied|access denied/i.test(message)) return 'permission';
  if (/no such file|no such device|not found/i.test(message)) return 'absent';
  if (/inappropriate ioctl|not a serial port|not a typewriter/i.test(message)) return 'unsuitable';
  return 'failed';
}
