// What the gate's screens and its controller may ask of the station behind them (stores, link to the bridge, link to the
// hub). Implemented by station.ts; faked in tests of the controller.

import type { BridgeMessage, DeviceStatus } from '../contracts/device-stream.ts';
import type { FeedEvent, RosterRow } from '../contracts/downlink.ts';
import type { VisitorDetails } from '../contracts/hold.ts';
import type { NoticeToShow, Phones } from '../contracts/notice.ts';
import type { Region } from '../contracts/region.ts';
import type { CardNumber, EntryBody } from '../domain/entry.ts';
import type { PersonFacts } from '../domain/order.ts';
import type { Direction } from '../domain/passage.ts';
import type { GatePolicy } from '../domain/policy.ts';
import type { Roster, ShiftCounts } from '../domain/shift.ts';

export type HubDecision = Extract<FeedEvent, { topic: 'decision' }>;
/** What the hub tells this gate's lane. */
export type HubTold = HubDecision | Extract<FeedEvent, { topic: 'measurement' }>;

/** Where an entry lies: both copies, one of them (amber), or none (red: write it down). */
export type SaveState = 'saved' | 'page-only' | 'journal-only' | 'none';
export type PulseOutcome = Extract<BridgeMessage, { type: 'pulse' }>['outcome'] | 'no-bridge';

export type Recorded = {
  entryId: string;
  caseNo: string | null;
  /** Settles when the first copy is durable (paint now), or with 'none' after 5 s. */
  first: Promise<SaveState>;
  /** Settles when both copies are durable, or after 5 s with what there is. */
  final: Promise<SaveState>;
  /** Outcome of the pulse that was asked for; null when none was. */
  pulse: Promise<PulseOutcome | null>;
};

export type Guard = { staffId: string; name: string };
export type SignedIn = { error: 'wrong-pin' | 'locked' | 'unknown' | 'no-bridge' | null; retryInMs: number };
export type GateTap = { atMs: number; uid: string | null; printed: string | null };
export type GateSample = Omit<Extract<BridgeMessage, { type: 'sample' }>, 'type' | 'n' | 'expiresAtMs'>;

/** The station as it stands: a new object after each change. */
export type StationNow = {
  info: {
    id: string;
    code: string;
    name: string;
    campus: string;
    direction: Direction;
    simulated: boolean;
  } | null;
  bridge: 'connecting' | 'online' | 'lost' | 'second-page';
  devices: readonly DeviceStatus[];
  guards: readonly Guard[];
  /** Who acts here by name: the duty post, or the prevention post while that is vacant. */
  signedIn: Guard | null;
  posts: Readonly<Record<Roster, (Guard & { sinceWallMs: number }) | null>>;
  /** Verdicts since whoever stands at the duty post came. */
  shiftCounts: ShiftCounts;
  /** The call page's numbers as the hub last told them; null before it did. */
  phones: Phones | null;
  /** What the travel question asks for beside Hubei; empty until the hub has told any. */
  regions: readonly Region[];
  hub: {
    state: 'online' | 'away' | 'not-enrolled';
    lastSeenWallMs: number | null;
    offsetMs: number | null;
  };
  /** What waits for a receipt. */
  queue: { count: number; oldestWallMs: number | null };
  roster: { version: number; people: number; asOfWallMs: number | null; ready: boolean };
  policy: GatePolicy;
  campus: 'open' | 'closed';
  clinic: { name: string; phone: string };
  /** What is shown while nobody is at the gate; some may be past their last day. */
  notices: readonly NoticeToShow[];
  /** Cases raised here that are still open, by entryId of their check, with what the clinic said last. */
  cases: ReadonlyMap<
    string,
    Extract<FeedEvent, { topic: 'case' }> & {
      delivered: boolean;
      caseNo: string;
      card: CardNumber | null;
      personId: string | null;
      wallMs: number;
    }
  >;
  /** State of the page's own store, for the red and amber screens; code is E-5x. */
  storage: { state: 'ok' | 'restored' | 'failing' | 'second-page'; code: string | null };
  clockUnsure: boolean;
  /** Verdict counts of today at this station. */
  todayCount: number;
};

/** All `atMs` here are the page's performance.now(), already translated from the bridge's clock. */
export type Station = {
  state(): StationNow;
  /** Told after every change of `state`; answers how to stop. */
  onChange(listener: () => void): () => void;

  /** Facts for the passage; null = not in the roster. Both forms of the number are looked up; two different people = null. */
  factsOf(card: CardNumber): PersonFacts | null;
  personOf(card: CardNumber): RosterRow | null;
  personById(personId: string): RosterRow | null;
  /** The card is reported as lost: it belongs to nobody, and the guard keeps it. */
  isLost(card: CardNumber): boolean;
  onTap(listener: (tap: GateTap) => void): () => void;
  onSample(listener: (sample: GateSample) => void): () => void;
  /** Wedge: a burst of keys ended by Enter; comes back as a tap stamped by the bridge. */
  stampPrinted(printed: string): void;
  /** Appends an entry to IndexedDB and the journal at the same time; `notAfterMs` (page clock) asks for a barrier pulse. */
  record(body: EntryBody, open?: { notAfterMs: number }): Recorded;
  /** A second person's PIN for a decision on this passage; who is on duty stays. */
  countersign(
    staffId: string,
    pin: string,
    passageId: string,
  ): Promise<{ error: 'wrong-pin' | 'locked' | 'unknown' | 'no-bridge' | null; retryInMs: number }>;
  /** The signed text of a case for its slip; null when the bridge does not answer or does not have it. */
  slipOf(entryId: string): Promise<string | null>;
  /** People of the roster by digits of a telephone pad (roster-cache.ts). */
  find(digits: string): RosterRow[];
  /** Facts of a person without a card at hand; null = not in the roster. */
  factsOfPerson(personId: string): PersonFacts | null;
  onTold(listener: (event: HubTold) => void): () => void;
  keepVisitor(details: VisitorDetails): Promise<void>;
  /** While somebody listens, the card of one of this station's guards is theirs and no passage. */
  onGuardCard(listener: (staffId: string) => void): () => void;
  signIn(staffId: string, pin: string, roster: Roster, byCard: boolean): Promise<SignedIn>;
  signOut(roster: Roster): void;
  reconnect(deviceId: string): void;
  /** The uploader yields while somebody is at the gate. */
  setBusy(busy: boolean): void;
  uploadNow(): void;
};
