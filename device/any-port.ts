// Opens a device by what its path says: an input device of the kernel, or else a serial port. Called by main.
import { realpath } from 'node:fs/promises';
import { openInputPort } from './input-port.ts';
import type { OpenPort } from './ports.ts';
import { openSerialPort } from './serial-port.ts';

const inputFolder = '/dev/input/';

/** Links such as /dev/input/by-id/... and links of one's own from elsewhere are followed. */
export const openAnyPort: OpenPort = async (path, baudRate, handlers) => {
  // A path that does not exist is told as such by the opener itself.
  const real = await realpath(path).catch(() => path);
  const isInput = path.startsWith(inputFolder) || real.startsWith(inputFolder);
  return isInput ? openInputPort(path, baudRate, handlers) : openSerialPort(path, baudRate, handlers);
};
