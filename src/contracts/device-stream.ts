// WebSocket /device between the gate page and its bridge: perishable signals down, entries and relay commands up.
// docs/protocol.md tells the conversation in words.
import * as z from 'zod/mini';
import { rosters } from '../domain/shift.ts';
import { sensorTroubles } from '../domain/verdict.ts';
import { direction, envelope, mode, site } from './envelope.ts';
import { centi, contract, count, int, ms, name, sha256Hex, text, uuid } from './kit.ts';

export const limits = { messageBytes: 65_536, takeBackEntries: 100, pulseDeadlineMs: 1_000 } as const;

export const deviceState = z.enum(['absent', 'opening', 'online', 'silent', 'faulted']);
export const deviceRole = z.enum(['thermometer', 'reader', 'barrier']);
/** `feedback`: the contact at the barrier; a page that does not know it passes over it. */
export const statusRole = z.enum(['thermometer', 'reader', 'barrier', 'feedback']);
export const deviceStatus = z.object({
  deviceId: name,
  role: statusRole,
  profile: name,
  state: deviceState,
  /** Bridge's monotonic clock when this state began. */
  sinceMs: ms,
  /** Sayable code ('E-21') of what is wrong, null while all is well. */
  code: z.nullable(text),
  /** Thermometers only: 'ready' or why it gives no verdict. */
  sensor: z.nullable(z.enum(['ready', ...sensorTroubles])),
  site: z.nullable(site),
  mode: z.nullable(mode),
});
export type DeviceStatus = z.infer<typeof deviceStatus>;
export type DeviceState = z.infer<typeof deviceState>;
export type DeviceRole = z.infer<typeof deviceRole>;
export type StatusRole = z.infer<typeof statusRole>;

export const guard = z.object({ staffId: name, name });
/** Who stands at a post, and since when by the bridge's wall clock. */
export const onDuty = z.object({ staffId: name, name, sinceWallMs: ms });
/** The two rosters side by side; absent from a bridge of before. */
const posts = z.optional(z.object({ duty: z.nullable(onDuty), prevention: z.nullable(onDuty) }));
const roster = z.optional(z.enum(rosters));

const pinError = z.nullable(z.enum(['wrong-pin', 'locked', 'unknown']));

/** Bridge -> page. All `...Ms` of signals are the bridge's monotonic clock unless they say `wall`. */
export const bridgeMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    contract,
    /** New for every bridge process: sequence numbers of signals restart with it. */
    bootId: uuid,
    monoMs: ms,
    wallMs: ms,
    station: z.object({
      id: name,
      code: name,
      name,
      campus: name,
      direction,
      clinicPhone: text,
    }),
    /** True when the devices behind this bridge are simulated: the page says so on its header. */
    simulated: z.boolean(),
    devices: z.array(deviceStatus),
    /** The end of every writer that this journal knows, newest writer last. */
    journal: z.array(
      z.object({
        writerId: uuid,
        seq: count,
        hash: sha256Hex,
        /** Where a pruned journal begins: the last entry that it gave up. */
        floor: z.optional(z.object({ seq: count, hash: sha256Hex })),
      }),
    ),
    guards: z.array(guard),
    signedIn: z.nullable(guard),
    posts,
  }),
  z.object({ type: z.literal('device'), status: deviceStatus }),
  /** One value of a thermometer. `centiCelsius` is null when there is no body value (object mode without an offset). */
  z.object({
    type: z.literal('sample'),
    n: count,
    atMs: ms,
    expiresAtMs: ms,
    deviceId: name,
    centiCelsius: z.nullable(centi),
    rawCentiCelsius: centi,
    ambientCentiCelsius: z.nullable(centi),
    offsetCentiCelsius: centi,
    site,
    mode,
    /** True when this value is a reading by itself (query-mode and contact instruments). */
    single: z.boolean(),
    /** The format has no checksum: a damaged value may look right. */
    unchecked: z.optional(z.literal(true)),
  }),
  z.object({
    type: z.literal('tap'),
    n: count,
    atMs: ms,
    expiresAtMs: ms,
    deviceId: name,
    uid: z.nullable(text),
    printed: z.nullable(text),
    /** The card of one of this station's guards. */
    staffId: z.optional(name),
  }),
  z.object({ type: z.literal('pong'), id: int, monoMs: ms }),
  /** Synced to the journal. */
  z.object({ type: z.literal('journaled'), entryId: uuid }),
  z.object({ type: z.literal('not-journaled'), entryId: uuid, reason: text }),
  /** What became of the pulse that an append asked for. */
  z.object({
    type: z.literal('pulse'),
    entryId: uuid,
    outcome: z.enum(['sent', 'refused', 'late', 'barrier-offline', 'failed']),
    reason: text,
  }),
  /** Answer to `take-back`; `done` when nothing of that writer follows. */
  z.object({ type: z.literal('taken'), id: int, entries: z.array(envelope), done: z.boolean() }),
  z.object({
    type: z.literal('signed'),
    signedIn: z.nullable(guard),
    posts,
    /** null = done; else why not, with how long the lock-out lasts. */
    error: pinError,
    retryInMs: count,
  }),
  /** Answer to `countersign`: null = the second person's PIN was right, and the bridge remembers it for this passage. */
  z.object({
    type: z.literal('countersigned'),
    id: int,
    error: pinError,
    retryInMs: count,
  }),
  /** Answer to `slip`; null: no such case lies near the end of the journal. */
  z.object({ type: z.literal('slip'), id: int, slip: z.nullable(z.string()) }),
]);
export type BridgeMessage = z.infer<typeof bridgeMessage>;

/** Page -> bridge. */
export const pageMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    contract,
    /** The page's present writer and its end; null for an empty store. */
    writer: z.nullable(z.object({ writerId: uuid, seq: count, hash: sha256Hex })),
  }),
  z.object({ type: z.literal('ping'), id: int }),
  /** Journal this entry; when `open` is given and the entry allows it, pulse the barrier after the sync. */
  z.object({
    type: z.literal('append'),
    envelope,
    /** Bridge's monotonic instant after which the pulse must not come (verdict + at most 1,000 ms). */
    open: z.nullable(z.object({ notAfterMs: ms })),
  }),
  /** A card number typed by a wedge reader in the page: the bridge stamps it and sends it back as a `tap`. */
  z.object({ type: z.literal('stamp'), printed: text }),
  z.object({ type: z.literal('take-back'), id: int, writerId: uuid, fromSeq: count, limit: count }),
  /** `roster`: which post, the duty post without one; `byCard`: chosen by laying the card on the reader. */
  z.object({
    type: z.literal('sign-in'),
    staffId: name,
    pin: text,
    roster,
    byCard: z.optional(z.boolean()),
  }),
  z.object({ type: z.literal('sign-out'), roster }),
  /** A second person signs for what the guard on duty decides in this passage; who is on duty stays. */
  z.object({ type: z.literal('countersign'), id: int, passageId: uuid, staffId: name, pin: text }),
  /** The signed text of a case that lies in the journal, for its slip. */
  z.object({ type: z.literal('slip'), id: int, entryId: uuid }),
  /** The guard pressed reconnect: forget the back-off of this device. */
  z.object({ type: z.literal('reconnect'), deviceId: name }),
]);
export type PageMessage = z.infer<typeof pageMessage>;
