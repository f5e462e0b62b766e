// Entries: the one append-only record type that travels from a station to the hub. Bodies are canonical JSON (RFC 8785),
// made once at birth; the envelope around them carries identity, sequence and the SHA-256 chain. Called by every writer.
import type { Direction } from './passage.ts';
import type { CentiCelsius, Method, Mode, Site, Tenths } from './reading.ts';
import type { AbsenceBody, FoundUnregisteredBody, RoundCloseBody, RoundMarkBody, RoundUndoBody } from './round.ts';
import type { Roster, ShiftCounts, ShiftNote } from './shift.ts';
import type { HoldReason, Reason, Verdict } from './verdict.ts';

/** Version of the entry format; readers accept their own and the one before. */
export const entryVersion = 1;

/** What every entry's bytes begin with. */
export type EntryHead = {
  v: 1;
  station: string;
  /** Station's wall clock at birth, milliseconds since 1970; never used for order. */
  wallMs: number;
  /** Station's monotonic clock at birth, milliseconds. */
  monoMs: number;
  /** Last known (hub clock - station clock), milliseconds; null before the first answer of a hub. */
  hubOffsetMs: number | null;
  /** Campus day (Asia/Shanghai), 'YYYY-MM-DD'. */
  day: string;
  /** staffId of the guard on duty, null when nobody has signed in. */
  onDuty: string | null;
};

/** A reading as it is kept as evidence: with all samples, so that the verdict can be recomputed under another policy. */
export type StoredReading = {
  centiCelsius: CentiCelsius;
  site: Site;
  mode: Mode;
  method: Method;
  manual: boolean;
  typedBy: string | null;
  deviceId: string;
  offsetCentiCelsius: CentiCelsius;
  /** Milliseconds from the end of this reading to the decision. */
  ageMs: number;
  /** [age in ms before the decision, raw centi, body centi, ambient centi or null] of each sample. */
  samples: [number, CentiCelsius, CentiCelsius, CentiCelsius | null][];
  /** Too old for its tap: evidence that governed nothing. Absent otherwise. */
  stale?: true | undefined;
  /** The instrument's format has no checksum: a damaged value may look right. Absent otherwise. */
  unchecked?: true | undefined;
};

/** The card as it was read; never logged. `uid` is upper-case hex, `printed` the digits on the card by a declared conversion. */
export type CardNumber = { uid: string | null; printed: string | null };

export type CheckBody = {
  kind: 'check';
  passageId: string;
  direction: Direction;
  card: CardNumber | null;
  personId: string | null;
  verdict: Verdict;
  reason: Reason;
  shownTenths: Tenths | null;
  raisesCase: boolean;
  /** Case number to say on the telephone ('G03-0147'), null unless a case is raised. */
  caseNo: string | null;
  readings: StoredReading[];
  tries: number;
  policyVersion: number;
  ambientTenths: Tenths | null;
  baselineTenths: Tenths | null;
  /** Version of the roster that was asked. */
  rosterVersion: number;
  /** Day n of 14 when a watch or an order counts days. */
  orderDay: number | null;
  /** The last window of a measurement that made no reading; its `centiCelsius` is its median. Absent otherwise. */
  ended?: StoredReading | undefined;
  /** Milliseconds from the tap that began the passage to the decision. Absent without a tap, and in older entries. */
  tapAgeMs?: number | undefined;
  /** No card: found by name or number, by this staffId. Absent otherwise. */
  by?: 'search' | undefined;
  searchedBy?: string | undefined;
  /** A visitor's passage; who that is lies in an erasable row at the hub. Absent otherwise. */
  visitorId?: string | undefined;
  /** The nth child without a card with this adult (null: the adult is not on the roster). Absent otherwise. */
  child?: number | undefined;
  adultPersonId?: string | null | undefined;
  /** One of several in a vehicle: the barrier moves for the vehicle, not for this check. Absent otherwise. */
  vehicleId?: string | undefined;
  /** entryId of the override that released what row 8 held. Absent otherwise. */
  overrideId?: string | undefined;
  /** Typed in later from the paper form of a power cut: when it happened, and who typed it. Absent otherwise. */
  paper?: { atWallMs: number; typedBy: string } | undefined;
};
/** Somebody without a card of this campus. `asked`: the hub is asked, and the approval comes as a later entry. */
export type VisitorBody = {
  kind: 'visitor';
  passageId: string;
  visitorId: string;
  hostUnit: string;
  purpose: string;
  /** Last campus day on which this registration holds. */
  expiresDay: string;
  approval: 'asked' | 'guard' | 'hub';
  /** staffId of the second person at the gate, or of who answered at the hub; null while asked. */
  approvedBy: string | null;
  /** staffId of the guard who registered. */
  by: string;
};
/** A named decision on what row 8 held, and on nothing else. */
export type OverrideBody = {
  kind: 'override';
  passageId: string;
  personId: string | null;
  reason: HoldReason;
  allow: boolean;
  /** `telephone`: told by telephone, signed here by a second person; `hub`: given at the hub as `decisionId`. */
  how: 'telephone' | 'hub';
  /** Who decided: a name or an office by telephone, a staffId at the hub. */
  decidedBy: string;
  /** staffId of the guard on duty; null only for a decision of the hub. */
  by: string | null;
  second: string | null;
  note: string;
  decisionId: string | null;
};
/** Everybody in a vehicle was admitted: the one entry that opens for it. */
export type VehicleBody = {
  kind: 'vehicle';
  vehicleId: string;
  direction: Direction;
  /** entryIds of the admitting checks, one a person. */
  occupants: string[];
};
export type ContactReadingBody = {
  kind: 'contact-reading';
  /** entryId of the check that raised the case. */
  caseId: string;
  personId: string | null;
  reading: StoredReading;
};
export type LeftBody = {
  kind: 'left';
  passageId: string;
  personId: string | null;
  card: CardNumber | null;
  readings: StoredReading[];
};
export type ManualOpeningBody = { kind: 'manual-opening'; by: string; reason: string };
/** A passage without a measurement, as the barrier's feedback saw it: nobody knows yet who it was. Security is told at once. */
export type UnmeasuredEntryBody = {
  kind: 'unmeasured-entry';
  /** `held-open`: the barrier stood open for `openMs` and may still; whoever walked through was not counted. */
  cause: 'forced' | 'tailgated' | 'held-open';
  direction: Direction;
  /** The feedback device that saw it. */
  deviceId: string;
  /** Milliseconds since it opened; null unless held open. */
  openMs: number | null;
  /** How many of the same cause since the entry before: more than a few a minute are told together. */
  times: number;
  /** staffId of the guard who saw it ('' when nobody had signed in); absent when a device saw it. */
  seenBy?: string | undefined;
};
export type ClockJumpBody = { kind: 'clock-jump'; jumpMs: number };
/** First entry of every writer: why it began (a new profile, a store that was lost, a journal that could not be compared). */
export type WriterStartBody = {
  kind: 'writer-start';
  cause: 'first' | 'store-lost' | 'not-comparable' | 'process';
  before: string | null;
};
/** Written by the bridge, which checks the PIN. */
export type ShiftBody = {
  kind: 'shift';
  staffId: string;
  change: 'in' | 'out';
  /** Absent in older entries: the duty post. */
  roster?: Roster | undefined;
  /** How somebody came in, or why they went without signing off. Absent for a plain sign-off. */
  how?: 'card' | 'name' | 'relieved' | 'expired' | 'unlisted' | undefined;
};
/** One shift told the next what it leaves: written by the page once the bridge has taken the next one's PIN. */
export type HandoverBody = {
  kind: 'handover';
  roster: Roster;
  /** staffId of who goes; null when nobody had signed in. */
  from: string | null;
  to: string;
  /** The one who goes laid their own card on the reader as well. */
  fromPresent: boolean;
  /** Since when the counts count, by the station's clock; null when it is not known. */
  sinceWallMs: number | null;
  counts: ShiftCounts;
  /** entryIds of the checks whose open cases were taken over. */
  cases: string[];
  /** Chips of people to be identified or measured again, and codes of devices in trouble. */
  waiting: number;
  devices: string[];
  notes: ShiftNote[];
};
/** Masks or thermometers run short at this station. */
export type SuppliesShortBody = { kind: 'supplies-short'; item: 'mask' | 'thermometer'; by: string | null };
/** What staff do at the hub. */
export type TransitionBody = {
  kind: 'transition';
  caseId: string;
  from: string;
  to: string;
  version: number;
  by: string;
  detail: { [key: string]: string | number | boolean | null };
};
export type OrderBody = {
  kind: 'order';
  orderId: string;
  personId: string;
  order: 'isolation' | 'home' | 'hospital' | 'watch';
  change: 'begin' | 'end';
  /** Last campus day of the order, null = until the clinic ends it. */
  untilDay: string | null;
  by: string;
  reason: string;
  /** A companion's row: the order of the person whom they accompany. Absent otherwise. */
  lead?: string | undefined;
};
export type PolicyBody = { kind: 'policy'; version: number; by: string; document: string };
export type RosterImportBody = {
  kind: 'roster-import';
  version: number;
  by: string;
  file: string;
  rows: number;
  joined: number;
  changed: number;
  left: number;
};

/** The office published a notice or took it down; its text is known by its SHA-256 (null when it was taken down). */
export type NoticeBody = {
  kind: 'notice';
  noticeId: string;
  change: 'publish' | 'end';
  audience: 'gates' | 'rounds' | 'both';
  untilDay: string;
  sha256: string | null;
  by: string;
};
/** The office changed the telephone numbers that gates show; `document` is canonical JSON of all of them. */
export type PhonesBody = { kind: 'phones'; by: string; document: string };
/** The office changed the list of regions for the travel question; `document` is canonical JSON of the whole list. */
export type RegionsBody = { kind: 'regions'; by: string; document: string };
/**
 * The office changed what is known of a person: codes, days and numbers, never a name nor a card number. `changes` holds the new
 * value of each field that changed.
 */
export type PersonChangeBody = {
  kind: 'person-change';
  personId: string;
  by: string;
  changes: { [key: string]: string | number | boolean | null };
};
/** What staff decided at the hub on somebody who is held at a gate; `visitor`: an approval. */
export type HoldDecisionBody = {
  kind: 'hold-decision';
  decisionId: string;
  passageId: string;
  stationId: string;
  personId: string | null;
  visitorId: string | null;
  reason: HoldReason | 'visitor';
  allow: boolean;
  by: string;
  note: string;
};
/** May pass a closed campus until the end of a day. */
export type PermitBody = {
  kind: 'permit';
  permitId: string;
  personId: string;
  direction: Direction;
  change: 'begin' | 'end';
  untilDay: string;
  by: string;
  reason: string;
};

/** What happened to an instrument: told by the bridge, with the values that a check rests on. */
export type InstrumentBody = {
  kind: 'instrument';
  act: 'power-on' | 'shift-check' | 'slope-check' | 'wave-through';
  deviceId: string;
  profile: string;
  /** staffId of who told it or led the check; null when the bridge noticed it by itself. */
  by: string | null;
  outcome: 'warming' | 'passed' | 'barred' | 'noted';
  /** Power-on as it was told, by the station's wall clock; null for other acts. */
  powerOnWallMs: number | null;
  /** A check's measurements: `knownCenti` is the contact value, the reference or the target. */
  measures: {
    what: 'person' | 'reference' | 'target';
    knownCenti: CentiCelsius;
    infraredCenti: CentiCelsius;
    samples: CentiCelsius[];
  }[];
  differenceTenths: Tenths | null;
  slopePercent: number | null;
  /** wave-through: which sign of it, and how many in a row. */
  note: 'fast-cards' | 'same-value' | null;
  count: number | null;
  policyVersion: number;
};
/** The hub's own: a gate's hourly median lies too far from its neighbours' or from its own of the day before. */
export type DriftBody = {
  kind: 'drift';
  stationId: string;
  site: Site;
  /** Begin of the hour, milliseconds since 1970. */
  hourMs: number;
  medianCenti: CentiCelsius;
  readings: number;
  neighboursCenti: CentiCelsius | null;
  yesterdayCenti: CentiCelsius | null;
  policyVersion: number;
};

/** What an administrator does to a member of staff (or staff to their own password): ids, never names, never secrets. */
export type StaffBody = {
  kind: 'staff';
  act: 'create' | 'renew' | 'rename' | 'role' | 'scopes' | 'password' | 'pin' | 'cards' | 'end';
  staffId: string;
  role: string;
  /** 'building:3' and the like, as they stand afterwards; null where they are not what changed. */
  scopes: string[] | null;
  by: string;
};
/** What becomes of a station's enrolment. */
export type StationChangeBody = {
  kind: 'station-change';
  /** `pairing`: a code was made; `enrol`: a station got its token; `first-key`: a station of a token alone showed a key. */
  change: 'pairing' | 'enrol' | 'first-key' | 'key-end' | 'revoke' | 'rename';
  /** null for a code that nobody has redeemed. */
  stationId: string | null;
  /** 'G01'; null for a code that leaves it to the hub. */
  code: string | null;
  campus: string;
  /** Id of the key that came or went; null where there is none. */
  keyId: string | null;
  by: string;
};

export type EntryBody =
  | CheckBody
  | ContactReadingBody
  | LeftBody
  | ManualOpeningBody
  | UnmeasuredEntryBody
  | ClockJumpBody
  | WriterStartBody
  | ShiftBody
  | HandoverBody
  | SuppliesShortBody
  | TransitionBody
  | OrderBody
  | PolicyBody
  | RosterImportBody
  | NoticeBody
  | PhonesBody
  | RegionsBody
  | PersonChangeBody
  | InstrumentBody
  | DriftBody
  | StaffBody
  | StationChangeBody
  | VisitorBody
  | OverrideBody
  | VehicleBody
  | HoldDecisionBody
  | PermitBody
  | RoundMarkBody
  | AbsenceBody
  | RoundUndoBody
  | FoundUnregisteredBody
  | RoundCloseBody;
export type EntryKind = EntryBody['kind'];
export type Entry = EntryHead & EntryBody;

/** What is stored, journalled and uploaded. */
export type Envelope = {
  /** UUIDv7, lower case. */
  entryId: string;
  /** Random UUID of the store that wrote it. */
  writerId: string;
  /** Gapless from 1 within the writer. */
  seq: number;
  /** Lower-case hex of SHA-256(previous hash as 32 bytes, then the UTF-8 of `bytes`); before seq 1 stands genesisHash(writerId). */
  hash: string;
  /** Canonical JSON of the Entry, exactly as born. */
  bytes: string;
};
