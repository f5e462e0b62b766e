// The bridge's own log lines of this run, kept in memory within bounds so that they can be taken along on a stick. Called by bridge,
// which gives every part the log that passes by here.
import type { Log, LogFields } from './log.ts';

/** The newest lines, as many as fit both bounds. */
export const limits = { lines: 5_000, bytes: 1_048_576 } as const;

export type LogRing = {
  /** Says everything as before, and keeps it. */
  log: Log;
  /** JSON lines without their ends, oldest first. */
  lines(): string[];
  /** How many lines gave way to newer ones. */
  dropped(): number;
};

export function createLogRing(
  inner: Log,
  wallMs: () => number,
  bounds: { lines: number; bytes: number } = limits,
): LogRing {
  let kept: string[] = [];
  let bytes = 0;
  let dropped = 0;
  const keep = (level: string, fields: LogFields, sentence: string | undefined): void => {
    const time = new Date(wallMs()).toISOString();
    // The same shape as the line that goes out (log.ts).
    const line = JSON.stringify({ level, time, ...fields, ...(sentence === undefined ? {} : { msg: sentence }) });
    kept.push(line);
    bytes += Buffer.byteLength(line);
    let gone = 0;
    while (kept.length - gone > bounds.lines || bytes > bounds.bytes) {
      bytes -= Buffer.byteLength(kept[gone] ?? '');
      gone += 1;
    }
    if (gone > 0) kept = kept.slice(gone);
    dropped += gone;
  };
  const saying =
    (level: 'info' | 'warn' | 'error') =>
    (fields: LogFields, sentence?: string): void => {
      inner[level](fields, sentence);
      keep(level, fields, sentence);
    };
  return {
    log: { info: saying('info'), warn: saying('warn'), error: saying('error') },
    lines: () => [...kept],
    dropped: () => dropped,
  };
}
