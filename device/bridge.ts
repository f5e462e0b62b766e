// Composition of the bridge process: journal, devices, barrier, pages, hub link. Called by main and by the simulated station.
import type { Clock } from './clock.ts';
import type { BridgeConfig } from './config.ts';
import type { Log } from './log.ts';
import type { OpenPort } from './ports.ts';

export type BridgeDeps = {
  openPort: OpenPort;
  /** Folder of the built pages (dist/pages). */
  pagesDir: string;
  /** Instead of config.stateDir. */
  stateDir?: string;
  clock?: Clock;
  /** Wall clock, ms since 1970; stamped on entries, never used for order. */
  wallMs?: () => number;
  /** In [0, 1); for back-off jitter alone, never for tokens or ids. */
  random?: () => number;
  log?: Log;
  /** True when the devices are simulated: the page says so. */
  simulated?: boolean;
};

export type Bridge = {
  /** 'http://localhost:7411/' */
  url: string;
  /** Closes the barrier, the ports, the journal and the server; resolves when the process could end. */
  stop(): Promise<void>;
};

/** Starts everything, or throws a BridgeRefusal with one sentence that says what to do. */
export declare function startBridge(config: BridgeConfig, deps: BridgeDeps): Promise<Bridge>;
