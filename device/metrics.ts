// Counters and states of the bridge for /metrics: no names, cards or temperatures. Called by bridge.
import { Counter, Gauge, Registry } from 'prom-client';
import type { DeviceStatus } from '../src/contracts/device-stream.ts';
import type { JournalCounts } from './journal.ts';

const states = ['absent', 'opening', 'online', 'silent', 'faulted'] as const;

export type Metrics = {
  appends(answer: string): void;
  pulses(outcome: string): void;
  signals(type: string): void;
  dropped(type: string): void;
  rejected(deviceId: string, reason: string): void;
  passed(): void;
  page(connected: boolean): void;
  hub(reached: boolean): void;
  render(devices: readonly DeviceStatus[], journal: JournalCounts): Promise<{ type: string; body: string }>;
};

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: `mengang_bridge_${name}`, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge({ name: `mengang_bridge_${name}`, help, labelNames, registers });
  const appends = counter('appends_total', 'Entries offered to the journal, by answer', ['answer']);
  const pulses = counter('pulses_total', 'Pulses asked for, by outcome', ['outcome']);
  const signals = counter('signals_total', 'Device signals, by type', ['type']);
  const dropped = counter('signals_dropped_total', 'Signals that a slow page did not get, by type', ['type']);
  const rejected = counter('rejected_total', 'Bytes that were no frame, by device and reason', ['device', 'reason']);
  const passed = counter('passages_seen_total', 'Admitted passages that the feedback of the barrier has seen', []);
  const device = gauge('device_state', '1 for the state a device is in', ['device', 'role', 'state']);
  const page = gauge('page_connected', '1 while a gate page is connected', []);
  const hub = gauge('hub_reached', '1 when the last call to the hub was answered', []);
  const journal = gauge('journal', 'The journal: entries, holes, writers, segments, bytes', ['what']);
  const syncs = gauge('journal_syncs', 'Syncs of the journal in this process', []);
  page.set(0);
  hub.set(0);
  return {
    appends: (answer) => appends.inc({ answer }),
    pulses: (outcome) => pulses.inc({ outcome }),
    signals: (type) => signals.inc({ type }),
    dropped: (type) => dropped.inc({ type }),
    rejected: (deviceId, reason) => rejected.inc({ device: deviceId, reason }),
    passed: () => passed.inc(),
    page: (connected) => page.set(connected ? 1 : 0),
    hub: (reached) => hub.set(reached ? 1 : 0),
    render: async (devices, counts) => {
      for (const { deviceId, role, state } of devices) {
        for (const one of states) device.set({ device: deviceId, role, state: one }, one === state ? 1 : 0);
      }
      for (const what of ['entries', 'holes', 'writers', 'segments', 'bytes', 'appended'] as const) {
        journal.set({ what }, counts[what]);
      }
      syncs.set(counts.syncs);
      return { type: registry.contentType, body: await registry.metrics() };
    },
  };
}
