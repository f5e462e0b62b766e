// JSON between the /simulator page and the simulator's own small server: what the simulated gate looks like, what a person
// may do to it. Used by device/simulator and src/simulator; no part of the product's own interfaces.
import * as z from 'zod/mini';
import { deviceRole } from './device-stream.ts';
import { centi, int, ms, name, text } from './kit.ts';

export const limits = { people: 500, bytesShown: 40, celsiusMin: -40, celsiusMax: 120 } as const;

const celsius = z.number().check(z.gte(limits.celsiusMin), z.lte(limits.celsiusMax));
const uid = z.string().check(z.regex(/^[0-9A-Fa-f]{10}$/));

export const simulatedPerson = z.object({ personId: name, name, category: text, unit: text, uid, barred: z.boolean() });
export type SimulatedPerson = z.infer<typeof simulatedPerson>;

/** Everything that changes while it runs. Temperatures in hundredths of a degree. */
export const simulatorLive = z.object({
  /** What is dialled, as a body value; null = nobody, the thermometer sees the wall. */
  bodyCenti: z.nullable(centi),
  /** What the thermometer's bytes say at this moment. */
  objectCenti: centi,
  ambientCenti: centi,
  offsetCenti: centi,
  cables: z.array(z.object({ role: deviceRole, path: text, plugged: z.boolean() })),
  muted: z.boolean(),
  networkUp: z.boolean(),
  /** Passages that were asked for and are not over. */
  passing: int,
  barrier: z.object({ open: z.boolean(), opened: int, bytes: z.array(z.object({ wallMs: ms, hex: text })) }),
});
export type SimulatorLive = z.infer<typeof simulatorLive>;

/** GET /api/state; GET /api/events streams `simulatorLive` alone. */
export const simulatorState = z.object({
  ports: z.enum(['pty', 'memory']),
  gateUrl: text,
  clinicUrl: text,
  unknownUid: uid,
  people: z.array(simulatedPerson),
  live: simulatorLive,
});
export type SimulatorState = z.infer<typeof simulatorState>;

/** POST bodies by path. A person is named by id or by card. */
export const simulatorRequests = {
  '/api/tap': z.union([z.strictObject({ personId: name }), z.strictObject({ uid })]),
  '/api/temperature': z.union([
    z.strictObject({ bodyC: z.nullable(celsius) }),
    z.strictObject({ objectC: z.nullable(celsius) }),
  ]),
  '/api/plug': z.strictObject({ role: deviceRole, plugged: z.boolean() }),
  '/api/mute': z.strictObject({ muted: z.boolean() }),
  '/api/network': z.strictObject({ up: z.boolean() }),
  '/api/pass': z.union([z.strictObject({ personId: name, bodyC: celsius }), z.strictObject({ uid, bodyC: celsius })]),
} as const;
export type SimulatorPath = keyof typeof simulatorRequests;
