// A keyboard reader's event device (/dev/input/...) as a port that only reads. Node cannot read such a file without holding a
// thread for ever, so `cat` reads it: a process that can be ended at any moment. Called by any-port.
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { isSameNode, nodeOf } from './device-node.ts';
import { PortError } from './port-error.ts';
import type { OpenPort, Port } from './ports.ts';

/** Rejects with a PortError. Nothing can be written; `gone` is called at most once, and never after `destroy`. */
export const openInputPort: OpenPort = async (path, _baudRate, handlers) => {
  const node = await nodeOf(path);
  await access(path, constants.R_OK).catch(() => {
    throw new PortError('permission', `not allowed to read ${path}`);
  });
  const reader = spawn('cat', ['--', path], { stdio: ['ignore', 'pipe', 'ignore'] });
  let isOver = false;
  const over = (reason: string) => {
    if (isOver) return;
    isOver = true;
    handlers.gone(reason);
  };
  reader.stdout.on('data', (bytes: Uint8Array) => {
    if (!isOver) handlers.data(bytes);
  });
  reader.once('close', () => over('unplugged'));
  await new Promise<void>((resolve, reject) => {
    reader.once('spawn', resolve);
    reader.on('error', (error) => {
      isOver = true;
      reject(new PortError('failed', error.message));
    });
  });
  return {
    write: () => Promise.reject(new PortError('unsuitable', `a keyboard reader takes no commands: ${path}`)),
    destroy: () => {
      isOver = true;
      reader.kill('SIGKILL');
    },
    stillThere: () => isSameNode(path, node),
  } satisfies Port;
};
