// A cable through a port that somebody else made (a pty, or a null modem): opened like any serial port. Pulling it closes our end,
// since the node is not ours to remove. Called by play.
import type { OpenPort, Port } from '../ports.ts';
import type { Cable } from './cable.ts';

/** Rejects with a PortError when the port does not open. `onGone` is called when it vanishes while it is plugged in. */
export async function portCable(
  path: string,
  baudRate: number,
  openPort: OpenPort,
  onGone: () => void,
): Promise<Cable> {
  const listeners = new Set<(bytes: Uint8Array) => void>();
  let port: Port | null = null;
  const open = async () => {
    const opened: Port = await openPort(path, baudRate, {
      data: (bytes) => {
        for (const listener of listeners) listener(bytes);
      },
      gone: () => {
        if (port === opened) onGone();
      },
    });
    port = opened;
  };
  const close = async () => {
    const last = port;
    port = null;
    last?.destroy();
  };
  await open();
  return {
    path,
    write: (bytes) => {
      const to = port;
      // A write that fails while the port is still ours means that the port is gone.
      to?.write(bytes).catch(() => {
        if (port === to) onGone();
      });
    },
    onData: (listener) => {
      listeners.add(listener);
    },
    plugged: () => port !== null,
    plug: (value) => (value === (port !== null) ? Promise.resolve() : value ? open() : close()),
    close,
  };
}
