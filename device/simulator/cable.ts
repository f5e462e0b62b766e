// A cable between a simulated device and the bridge: bytes both ways, pulled and put back. In memory here; pty-cable.ts holds
// the one through a real pseudo-terminal. Called by simulated-gate.
import type { MemoryPorts } from './memory-port.ts';

export type Cable = {
  /** What the bridge opens. */
  path: string;
  /** Bytes from the device; lost while the cable is out or nobody has the port open. */
  write(bytes: Uint8Array): void;
  onData(listener: (bytes: Uint8Array) => void): void;
  plugged(): boolean;
  /** Resolves when the port is there or gone. */
  plug(value: boolean): Promise<void>;
  close(): Promise<void>;
};

/** A cable of the in-memory ports. */
export function memoryCable(ports: MemoryPorts, path: string): Cable {
  const far = ports.far(path);
  let isPlugged = true;
  return {
    path,
    write: (bytes) => {
      far.write(bytes);
    },
    onData: (listener) => {
      far.onData(listener);
    },
    plugged: () => isPlugged,
    plug: async (value) => {
      isPlugged = value;
      far.plugged(value);
    },
    close: async () => {
      far.plugged(false);
    },
  };
}
