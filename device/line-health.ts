// Counters of one serial line over all its connections, for /metrics and the doctor. Called by serial-line.
import type { DeviceEvent } from './drivers/driver.ts';

export const limits = { reasonsMax: 16 } as const;

export type LineHealth = {
  bytes: number;
  /** Readings and taps that were passed on. */
  frames: number;
  /** Rejected by reason; reasons beyond 16 are counted under 'other'. */
  rejected: Record<string, number>;
  /** Sound frames that nobody had asked for. */
  unsolicited: number;
  /** Queries without an answer in time. */
  unanswered: number;
  lateWrites: number;
  /** Times the port was opened anew. */
  connects: number;
};

export function newHealth(): LineHealth {
  return { bytes: 0, frames: 0, rejected: {}, unsolicited: 0, unanswered: 0, lateWrites: 0, connects: 0 };
}

export function noteBytes(health: LineHealth, count: number): void {
  health.bytes += count;
}

/** What a gate may act on: a reading or a tap. A setting or an ack keeps no silent thermometer alive. */
export function isValue(event: DeviceEvent): boolean {
  return event.kind === 'reading' || event.kind === 'tap';
}

export function noteEvent(health: LineHealth, event: DeviceEvent): void {
  if (isValue(event)) health.frames += 1;
  if (event.kind !== 'rejected') return;
  const isKnown = Object.hasOwn(health.rejected, event.reason);
  const reason = isKnown || Object.keys(health.rejected).length < limits.reasonsMax - 1 ? event.reason : 'other';
  health.rejected[reason] = (health.rejected[reason] ?? 0) + 1;
}
