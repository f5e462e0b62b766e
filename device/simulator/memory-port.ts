// Serial ports in memory, for the simulator and for tests: bytes between the real line and a player, with cables that can
// be pulled. Behaves as measured on Linux: bytes for a closed port are lost, a pulled cable may or may not be noticed.
import { PortError } from '../port-error.ts';
import type { OpenPort, Port, PortHandlers } from '../ports.ts';

export const limits = { heldWritesMax: 1_024 } as const;

/** The device's end of one cable. */
export type FarEnd = {
  /** Bytes from the device; false and lost when nobody has the port open or the cable is out. Delivered asynchronously, in order. */
  write(bytes: Uint8Array): boolean;
  /** Bytes that the program wrote. Returns the way to stop listening. */
  onData(listener: (bytes: Uint8Array) => void): () => void;
  /** Called after each open (true) and close (false) by the program. */
  onOpen(listener: (open: boolean) => void): () => void;
  /** Pulls (false) or inserts (true) the cable. A `silent` pull gives no close event, as Linux sometimes does. */
  plugged(value: boolean, how?: { silent: boolean }): void;
  /** While stalled the device takes no bytes: the program's writes hang until it drops the port. */
  stalled(value: boolean): void;
  isOpen(): boolean;
};

export type MemoryPorts = { openPort: OpenPort; far(path: string): FarEnd };

/** `epoch` counts the times the cable was inserted: a handle from before a replug is dead for ever. */
type Connection = { handlers: PortHandlers; open: boolean; epoch: number };

/** A set of cables, each known by the path that `far` names; a path never named is absent. */
export function createMemoryPorts(): MemoryPorts {
  const cables = new Map<string, ReturnType<typeof createCable>>();
  const cableAt = (path: string) => {
    const known = cables.get(path);
    if (known) return known;
    const made = createCable();
    cables.set(path, made);
    return made;
  };
  return {
    far: (path) => cableAt(path).far,
    openPort: async (path, _baudRate, handlers) => {
      await Promise.resolve();
      const cable = cables.get(path);
      if (!cable) throw new PortError('absent', `no such port: ${path}`);
      return cable.open(path, handlers);
    },
  };
}

function createCable(): { far: FarEnd; open(path: string, handlers: PortHandlers): Port } {
  let isPlugged = true;
  let isStalled = false;
  let epoch = 0;
  let connection: Connection | null = null;
  const dataListeners = new Set<(bytes: Uint8Array) => void>();
  const openListeners = new Set<(open: boolean) => void>();
  let held: (() => void)[] = [];

  const close = (which: Connection) => {
    if (!which.open) return;
    which.open = false;
    if (connection !== which) return;
    connection = null;
    // What hung in the dropped port is gone with it: it never reaches the device.
    held = [];
    for (const listener of openListeners) listener(false);
  };

  const subscribe = <T>(listeners: Set<T>, listener: T) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  const far: FarEnd = {
    write(bytes) {
      const to = connection;
      if (!to || !isPlugged || to.epoch !== epoch) return false;
      const copy = bytes.slice();
      queueMicrotask(() => {
        if (to.open && isPlugged) to.handlers.data(copy);
      });
      return true;
    },
    onData: (listener) => subscribe(dataListeners, listener),
    onOpen: (listener) => subscribe(openListeners, listener),
    plugged(value, how) {
      if (value === isPlugged) return;
      isPlugged = value;
      if (value) {
        epoch += 1;
        return;
      }
      const lost = connection;
      if (!lost || how?.silent) return;
      queueMicrotask(() => {
        if (!lost.open) return;
        close(lost);
        lost.handlers.gone('unplugged');
      });
    },
    stalled(value) {
      isStalled = value;
      if (value) return;
      const release = held;
      held = [];
      for (const send of release) send();
    },
    isOpen: () => connection !== null,
  };

  const open = (path: string, handlers: PortHandlers): Port => {
    if (!isPlugged) throw new PortError('absent', `no such port: ${path}`);
    if (connection?.open && connection.epoch === epoch) throw new PortError('locked', `already open: ${path}`);
    const mine: Connection = { handlers, open: true, epoch };
    connection = mine;
    for (const listener of openListeners) listener(true);
    const reaches = () => mine.open && isPlugged && epoch === mine.epoch;
    return {
      write: (bytes) => {
        if (!reaches()) return Promise.reject(new PortError('failed', `write to a closed port: ${path}`));
        const copy = bytes.slice();
        return new Promise((resolve, reject) => {
          const send = () => {
            if (!reaches()) return reject(new PortError('failed', `port closed before the bytes left: ${path}`));
            for (const listener of dataListeners) listener(copy);
            resolve();
          };
          if (!isStalled) queueMicrotask(send);
          else if (held.length < limits.heldWritesMax) held.push(send);
          else reject(new PortError('failed', `write queue full: ${path}`));
        });
      },
      destroy: () => close(mine),
      stillThere: async () => isPlugged && epoch === mine.epoch,
    };
  };
  return { far, open };
}
