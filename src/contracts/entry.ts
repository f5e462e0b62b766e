// Schemas of every kind of entry. Parsed by the bridge (before a pulse) and the hub (before a row).
import * as z from 'zod/mini';
import type * as domain from '../domain/entry.ts';
import { absenceReasons, missingReasons, roundScopes, roundSymptoms, roundWindows } from '../domain/round.ts';
import { rosters, limits as shiftLimits, shiftNotes } from '../domain/shift.ts';
import { holdReasons, reasons, verdicts } from '../domain/verdict.ts';
import { cardNumber, direction, type envelope, mode, orderKind, site } from './envelope.ts';
import { type Alike, centi, count, day, int, ms, name, sha256Hex, tenths, text, uuid } from './kit.ts';
import { limits as staffLimits } from './staff.ts';

export { cardNumber, direction, envelope, mode, orderKind, site } from './envelope.ts';

const nullable = z.nullable;
export const method = z.enum(['infrared', 'contact']);

export const storedReading = z.strictObject({
  centiCelsius: centi,
  site,
  mode,
  method,
  manual: z.boolean(),
  typedBy: nullable(name),
  deviceId: name,
  offsetCentiCelsius: centi,
  ageMs: ms,
  samples: z.array(z.tuple([ms, centi, centi, nullable(centi)])).check(z.maxLength(256)),
  stale: z.optional(z.literal(true)),
  unchecked: z.optional(z.literal(true)),
});

const head = {
  v: z.literal(1),
  station: name,
  wallMs: ms,
  monoMs: ms,
  hubOffsetMs: nullable(ms),
  day,
  onDuty: nullable(name),
};
const readings = z.array(storedReading).check(z.maxLength(16));

const detail = z.record(z.string(), z.union([z.string(), int, z.boolean(), z.null()]));

const round = {
  roundDay: day,
  window: z.enum(roundWindows),
  scope: z.enum(roundScopes),
  place: name,
  by: name,
};
const symptoms = z.array(z.enum(roundSymptoms)).check(z.maxLength(roundSymptoms.length));
/** Missing people that one closing names: further ones need another, so that its bytes stay in their bound. */
export const closeMissingMax = 1_000;

/** One kind by itself, for who replays what a gate decided. */
export const checkEntry = z.strictObject({
  ...head,
  kind: z.literal('check'),
  passageId: uuid,
  direction,
  card: nullable(cardNumber),
  personId: nullable(name),
  verdict: z.enum(verdicts),
  reason: z.enum(reasons),
  shownTenths: nullable(tenths),
  raisesCase: z.boolean(),
  caseNo: nullable(text),
  readings,
  tries: count,
  policyVersion: count,
  ambientTenths: nullable(tenths),
  baselineTenths: nullable(tenths),
  rosterVersion: count,
  orderDay: nullable(int),
  ended: z.optional(storedReading),
  tapAgeMs: z.optional(ms),
  by: z.optional(z.literal('search')),
  searchedBy: z.optional(name),
  visitorId: z.optional(uuid),
  child: z.optional(int.check(z.gte(1))),
  adultPersonId: z.optional(nullable(name)),
  vehicleId: z.optional(uuid),
  overrideId: z.optional(uuid),
  paper: z.optional(z.strictObject({ atWallMs: ms, typedBy: name })),
});

const roster = z.enum(rosters);

export const entry = z.discriminatedUnion('kind', [
  checkEntry,
  z.strictObject({
    ...head,
    kind: z.literal('contact-reading'),
    caseId: uuid,
    personId: nullable(name),
    reading: storedReading,
  }),
  z.strictObject({
    ...head,
    kind: z.literal('left'),
    passageId: uuid,
    personId: nullable(name),
    card: nullable(cardNumber),
    readings,
  }),
  z.strictObject({ ...head, kind: z.literal('manual-opening'), by: name, reason: name }),
  z.strictObject({
    ...head,
    kind: z.literal('unmeasured-entry'),
    cause: z.enum(['forced', 'tailgated', 'held-open']),
    direction,
    deviceId: name,
    openMs: nullable(ms),
    times: int.check(z.gte(1)),
    seenBy: z.optional(text),
  }),
  z.strictObject({ ...head, kind: z.literal('clock-jump'), jumpMs: ms }),
  z.strictObject({
    ...head,
    kind: z.literal('writer-start'),
    cause: z.enum(['first', 'store-lost', 'not-comparable', 'process']),
    before: nullable(uuid),
  }),
  z.strictObject({
    ...head,
    kind: z.literal('shift'),
    staffId: name,
    change: z.enum(['in', 'out']),
    roster: z.optional(roster),
    how: z.optional(z.enum(['card', 'name', 'relieved', 'expired', 'unlisted'])),
  }),
  z.strictObject({
    ...head,
    kind: z.literal('handover'),
    roster,
    from: nullable(name),
    to: name,
    fromPresent: z.boolean(),
    sinceWallMs: nullable(ms),
    counts: z.strictObject({ admit: count, again: count, refer: count, deny: count, hold: count, trouble: count }),
    cases: z.array(uuid).check(z.maxLength(shiftLimits.cases)),
    waiting: count,
    devices: z.array(text).check(z.maxLength(16)),
    notes: z.array(z.enum(shiftNotes)).check(z.maxLength(shiftLimits.notes)),
  }),
  z.strictObject({
    ...head,
    kind: z.literal('supplies-short'),
    item: z.enum(['mask', 'thermometer']),
    by: nullable(name),
  }),
  z.strictObject({
    ...head,
    kind: z.literal('transition'),
    caseId: uuid,
    from: name,
    to: name,
    version: count,
    by: name,
    detail,
  }),
  z.strictObject({
    ...head,
    kind: z.literal('order'),
    orderId: uuid,
    personId: name,
    order: orderKind,
    change: z.enum(['begin', 'end']),
    untilDay: nullable(day),
    by: name,
    reason: text,
    lead: z.optional(uuid),
  }),
  z.strictObject({ ...head, kind: z.literal('policy'), version: count, by: name, document: z.string() }),
  z.strictObject({
    ...head,
    kind: z.literal('roster-import'),
    version: count,
    by: name,
    file: text,
    rows: count,
    joined: count,
    changed: count,
    left: count,
  }),
  z.strictObject({
    ...head,
    kind: z.literal('notice'),
    noticeId: uuid,
    change: z.enum(['publish', 'end']),
    audience: z.enum(['gates', 'rounds', 'both']),
    untilDay: day,
    sha256: nullable(sha256Hex),
    by: name,
  }),
  z.strictObject({ ...head, kind: z.literal('phones'), by: name, document: z.string() }),
  z.strictObject({ ...head, kind: z.literal('regions'), by: name, document: z.string() }),
  z.strictObject({ ...head, kind: z.literal('person-change'), personId: name, by: name, changes: detail }),
  z.strictObject({
    ...head,
    kind: z.literal('instrument'),
    act: z.enum(['power-on', 'shift-check', 'slope-check', 'wave-through']),
    deviceId: name,
    profile: name,
    by: nullable(name),
    outcome: z.enum(['warming', 'passed', 'barred', 'noted']),
    powerOnWallMs: nullable(ms),
    measures: z
      .array(
        z.strictObject({
          what: z.enum(['person', 'reference', 'target']),
          knownCenti: centi,
          infraredCenti: centi,
          samples: z.array(centi).check(z.maxLength(64)),
        }),
      )
      .check(z.maxLength(4)),
    differenceTenths: nullable(tenths),
    slopePercent: nullable(int),
    note: nullable(z.enum(['fast-cards', 'same-value'])),
    count: nullable(count),
    policyVersion: count,
  }),
  z.strictObject({
    ...head,
    kind: z.literal('staff'),
    act: z.enum(['create', 'renew', 'rename', 'role', 'scopes', 'password', 'pin', 'cards', 'end']),
    staffId: name,
    role: name,
    scopes: nullable(z.array(name).check(z.maxLength(staffLimits.scopes))),
    by: name,
  }),
  z.strictObject({
    ...head,
    kind: z.literal('station-change'),
    change: z.enum(['pairing', 'enrol', 'first-key', 'key-end', 'revoke', 'rename']),
    stationId: nullable(name),
    code: nullable(name),
    campus: name,
    keyId: nullable(name),
    by: name,
  }),
  z.strictObject({
    ...head,
    kind: z.literal('drift'),
    stationId: name,
    site,
    hourMs: ms,
    medianCenti: centi,
    readings: count,
    neighboursCenti: nullable(centi),
    yesterdayCenti: nullable(centi),
    policyVersion: count,
  }),
  z.strictObject({
    ...head,
    kind: z.literal('visitor'),
    passageId: uuid,
    visitorId: uuid,
    hostUnit: name,
    purpose: name,
    expiresDay: day,
    approval: z.enum(['asked', 'guard', 'hub']),
    approvedBy: nullable(name),
    by: name,
  }),
  z.strictObject({
    ...head,
    kind: z.literal('override'),
    passageId: uuid,
    personId: nullable(name),
    // Rows 1 to 7 have no word here: what they say is never overridden at a gate.
    reason: z.enum(holdReasons),
    allow: z.boolean(),
    how: z.enum(['telephone', 'hub']),
    decidedBy: name,
    by: nullable(name),
    second: nullable(name),
    note: text,
    decisionId: nullable(uuid),
  }),
  z.strictObject({
    ...head,
    kind: z.literal('vehicle'),
    vehicleId: uuid,
    direction,
    occupants: z.array(uuid).check(z.minLength(1), z.maxLength(9)),
  }),
  z.strictObject({
    ...head,
    kind: z.literal('hold-decision'),
    decisionId: uuid,
    passageId: uuid,
    stationId: name,
    personId: nullable(name),
    visitorId: nullable(uuid),
    reason: z.enum([...holdReasons, 'visitor']),
    allow: z.boolean(),
    by: name,
    note: text,
  }),
  z.strictObject({
    ...head,
    kind: z.literal('permit'),
    permitId: uuid,
    personId: name,
    direction,
    change: z.enum(['begin', 'end']),
    untilDay: day,
    by: name,
    reason: text,
  }),
  z.strictObject({
    ...head,
    kind: z.literal('round-mark'),
    ...round,
    personId: name,
    room: nullable(text),
    reading: nullable(storedReading),
    symptoms,
    lateReason: nullable(text),
    policyVersion: count,
    caseNo: nullable(text),
  }),
  z.strictObject({
    ...head,
    kind: z.literal('absence'),
    ...round,
    personId: name,
    reason: z.enum(absenceReasons),
    untilDay: nullable(day),
    note: text,
    lateReason: nullable(text),
  }),
  z.strictObject({ ...head, kind: z.literal('round-undo'), ...round, undoes: uuid, personId: nullable(name) }),
  z.strictObject({
    ...head,
    kind: z.literal('found-unregistered'),
    ...round,
    room: text,
    note: text,
    reading: nullable(storedReading),
    symptoms,
  }),
  z.strictObject({
    ...head,
    kind: z.literal('round-close'),
    ...round,
    figures: z.strictObject({
      expected: count,
      measured: count,
      normal: count,
      borderline: count,
      abnormal: count,
      symptoms: count,
      absent: count,
      missing: count,
    }),
    missing: z
      .array(z.strictObject({ personId: name, reason: z.enum(missingReasons) }))
      .check(z.maxLength(closeMissingMax)),
    lateReason: nullable(text),
  }),
]);

const pins: [Alike<z.infer<typeof entry>, domain.Entry>, Alike<z.infer<typeof envelope>, domain.Envelope>] = [
  true,
  true,
];
void pins;
