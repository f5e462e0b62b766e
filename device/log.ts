// The bridge's log: short JSON lines by pino on standard output. No name, card or temperature ever goes in; callers pass
// event names, device ids, codes and counts. Called by main; everybody else gets the `Log` passed in.
import { pino } from 'pino';

/** What a line may carry beside its event: never a person, a card or a value. */
export type LogFields = {
  event: string;
  deviceId?: string;
  role?: string;
  state?: string;
  code?: string | null;
  reason?: string;
  entryId?: string;
  writerId?: string;
  seq?: number;
  count?: number;
  status?: number;
  inMs?: number;
};

export type Log = {
  info(fields: LogFields, sentence?: string): void;
  warn(fields: LogFields, sentence?: string): void;
  error(fields: LogFields, sentence?: string): void;
};

export function createLog(level = process.env.LOG_LEVEL ?? 'info'): Log {
  const known = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
  return pino({
    level: known.includes(level) ? level : 'info',
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
  });
}

/** Says nothing: for embedding and for tests that do not look at the log. */
export const silentLog: Log = { info() {}, warn() {}, error() {} };
