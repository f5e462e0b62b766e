// The thermometer and the card reader of a tablet with a bridge: what the bridge's socket says becomes readings and cards for the bed at
// hand. Where the hub serves the page there is no bridge, and this is not started. Called by rounds-app.ts.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { DeviceStatus } from '../contracts/device-stream.ts';
import type { Policy } from '../domain/policy.ts';
import type { Reading } from '../domain/reading.ts';
import { type Connect, createDeviceLink, type LinkState, type Signal } from '../sync/device-link.ts';
import type { Clocks } from '../sync/timers.ts';
import { createFaceReading } from './face-reading.ts';

/** How the thermometer stands; `code` is the bridge's sayable one ('E-21'). `none`: this bridge has no thermometer. */
export type ThermometerSight =
  | { state: 'away' | 'second-page' | 'none'; code: null; simulated: boolean }
  | { state: 'ready' | 'not-ready'; code: string | null; simulated: boolean };

export type TabletDevices = { thermometer: ReadonlySignal<ThermometerSight>; stop(): void };

export function createTabletDevices(deps: {
  connect: Connect;
  clocks: Clocks;
  random(): number;
  policy(): Policy;
  /** A body reading from a thermometer that may judge. */
  onReading(reading: Reading): void;
  /** What the card is called in a roster: 'uid:HEX', 'printed:DIGITS'. */
  onCard(cards: readonly string[]): void;
}): TabletDevices {
  const link = signal<LinkState>('connecting');
  const statuses = signal<ReadonlyMap<string, DeviceStatus>>(new Map());
  const isSimulated = signal(false);
  const thermometer = signal<ThermometerSight>(sightNow());
  const face = createFaceReading(deps.policy);

  function sightNow(): ThermometerSight {
    const simulated = isSimulated.value;
    if (link.value === 'second-page') return { state: 'second-page', code: null, simulated };
    if (link.value !== 'online') return { state: 'away', code: null, simulated };
    const all = [...statuses.value.values()].filter((one) => one.role === 'thermometer');
    const best = all.find(isReady) ?? all[0];
    if (best === undefined) return { state: 'none', code: null, simulated };
    return { state: isReady(best) ? 'ready' : 'not-ready', code: best.code, simulated };
  }

  function look(): void {
    thermometer.value = sightNow();
  }

  function hear(heard: Signal): void {
    if (heard.type === 'tap') {
      const { uid, printed } = heard;
      face.begin();
      deps.onCard([...(uid === null ? [] : [`uid:${uid}`]), ...(printed === null ? [] : [`printed:${printed}`])]);
      return;
    }
    const { type: _type, n: _n, expiresAtMs: _expires, single, centiCelsius, ...rest } = heard;
    const status = statuses.value.get(heard.deviceId);
    // The bridge says when a thermometer may not judge (warm-up, a failed check, no offset): its values are nobody's then.
    if (centiCelsius === null || status === undefined || !isReady(status)) return;
    const reading = face.hear({ ...rest, centiCelsius }, single);
    if (reading !== null) deps.onReading(reading);
  }

  const { stop } = createDeviceLink({
    ...{ connect: deps.connect, clocks: deps.clocks, random: deps.random },
    // The tablet's records are its own and go to the hub; the bridge's journal holds none of them.
    writer: () => null,
    onState(state) {
      link.value = state;
      look();
    },
    onHello({ devices, simulated }) {
      face.begin();
      statuses.value = new Map(devices.map((status) => [status.deviceId, status]));
      isSimulated.value = simulated;
      look();
    },
    onSignal: hear,
    onWord(word) {
      if (word.type !== 'device') return;
      statuses.value = new Map([...statuses.value, [word.status.deviceId, word.status]]);
      look();
    },
    onSigned: () => undefined,
  });
  return { thermometer, stop };
}

function isReady({ state, sensor }: DeviceStatus): boolean {
  return state === 'online' && sensor === 'ready';
}
