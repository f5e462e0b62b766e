// A port as the bridge sees it: bytes in, bytes out, gone. Real serial ports and the simulator's in-memory ones look the
// same from here, so that the whole line above is the one under test. Called by serial-line.

export type Port = {
  /** Writes all bytes or rejects; the caller brings its own deadline. */
  write(bytes: Uint8Array): Promise<void>;
  /** Drops the port and everything queued in it; never throws, may be called twice. */
  destroy(): void;
  /** Whether the device node still exists (an unplugged port may never say `close`). */
  stillThere(): Promise<boolean>;
};

export type PortHandlers = {
  data(bytes: Uint8Array): void;
  /** The port closed or failed; called at most once. */
  gone(reason: string): void;
};

/** Opens a fresh port for one connection; handlers are attached before the port opens. Rejects with a clear reason. */
export type OpenPort = (path: string, baudRate: number, handlers: PortHandlers) => Promise<Port>;
