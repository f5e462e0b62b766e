// Boards whose inputs can serve as feedback of the barrier: asked all the time, and silence is trouble. Called by config and
// bridge-devices. Only of LC boards is a public frame known that reads inputs (facts.md 3); others are not guessed at.
import type { DeviceEvent, Profile } from '../driver.ts';
import { modbusRelayLc } from './modbus-relay.ts';

/** Shortest pulse of a turnstile is 100 ms (facts.md 3); a question and its answer take 15 ms at 9600, adapters add up to 32. */
const poll = { command: 'read', everyMs: 80, timeoutMs: 70 } as const;

export const inputProfiles: ReadonlyMap<string, Profile> = new Map([
  [modbusRelayLc.name, { ...modbusRelayLc, poll, watchesInputs: true }],
]);

/** Whether contact `input` (from 1) is closed; null when the event does not tell. LC boards name their closed inputs. */
export function closedOf(event: DeviceEvent, input: number): boolean | null {
  if (event.kind !== 'inputs') return null;
  const { inputs } = event.says;
  return Array.isArray(inputs) ? inputs.includes(input) : null;
}
