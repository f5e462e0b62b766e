// One end of a real pty for a foreign Modbus program, the other for the gate's own line. Used by the tests that hold the Modbus drivers
// against modbus-serial and libmodbus.
import { systemClock } from '../../device/clock.ts';
import type { DeviceEvent, Profile, ProfileOptions } from '../../device/drivers/driver.ts';
import { commandBytes, profileOf } from '../../device/drivers/index.ts';
import { createSerialLine, type SerialLine } from '../../device/serial-line.ts';
import { openSerialPort } from '../../device/serial-port.ts';
import { eventually } from '../kit/pty.ts';

export type OwnLine = {
  line: SerialLine;
  profile: Profile;
  events: DeviceEvent[];
  /** Sends a command and gives the first event behind it that is no reading. */
  ask(command: string, more?: ProfileOptions): Promise<DeviceEvent>;
  /** The next event of this kind after this call. */
  next<K extends DeviceEvent['kind']>(kind: K): Promise<Extract<DeviceEvent, { kind: K }>>;
};

/** The profile's line on this port. */
export function ownLine(path: string, name: string, options: ProfileOptions = {}): OwnLine {
  const profile = profileOf(name);
  const events: DeviceEvent[] = [];
  const line = createSerialLine({
    ...{ deviceId: 'own', path, profile, options, openPort: openSerialPort, clock: systemClock },
    random: Math.random,
    onEvent: (event) => events.push(event),
  });
  line.start();
  const after = async (from: number, fits: (event: DeviceEvent) => boolean, what: string) => {
    await eventually(what, () => events.slice(from).some(fits), 10_000);
    const found = events.slice(from).find(fits);
    if (!found) throw new Error(what);
    return found;
  };
  return {
    ...{ line, profile, events },
    async ask(command, more = {}) {
      const from = events.length;
      const bytes = commandBytes(profile, command, { ...options, ...more });
      await eventually('online', () => line.state().state === 'online', 10_000);
      const sent = await line.send(bytes, { deadlineMs: 1_000 });
      if (sent !== 'sent') throw new Error(`${command}: ${sent}`);
      return after(from, ({ kind }) => kind !== 'reading', `an answer to ${command}`);
    },
    async next(kind) {
      const found = await after(events.length, (event) => event.kind === kind, `a ${kind}`);
      return found as Extract<DeviceEvent, { kind: typeof kind }>;
    },
  };
}

/** Register numbers from the makers' manuals (devices.md), not from the drivers. */
export const heads = [
  { name: 'calex-pyrominibus', filtered: 0x0e, emissivity: 0x07 },
  { name: 'calex-pyrousb', filtered: 0x12, emissivity: 0x08 },
  { name: 'omega-os-mini', filtered: 0x0e, emissivity: 0x07 },
] as const;
