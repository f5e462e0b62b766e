// What a gate screen shows and what its buttons may do, as plain data. Made by gate-view.ts, painted by src/gate/screens.
import type { Region } from '../contracts/region.ts';
import type { Answer } from '../domain/passage.ts';
import type { Method, Site, Tenths } from '../domain/reading.ts';
import type { ShiftCounts } from '../domain/shift.ts';
import type { NextMeasure, Verdict } from '../domain/verdict.ts';
import type { Language } from '../i18n/define.ts';
import type { SaveState } from './station-types.ts';

export const screenNames = [
  'start',
  'idle',
  'card',
  'measuring',
  'admit',
  'again',
  'refer',
  'deny',
  'hold',
  'trouble',
  'not-saved',
  'second-page',
] as const;
export type ScreenName = (typeof screenNames)[number];

/** Who stands there, as far as the public face may tell. */
export type Who = {
  name: string;
  category: string;
  unit: string;
  /** Day n of 14 of a watch mark (R4). Absent without one. */
  watchDay?: number | undefined;
};
/** What only the guard sees, behind the held button. */
export type Private = {
  name: string | null;
  unit: string | null;
  contact: string | null;
  shown: string | null;
  reason: string;
  cardTail: string | null;
  /** The days of the isolation are over and a nurse has not ended it. Absent otherwise. */
  due?: true | undefined;
};
export type CaseState = 'pending' | 'undelivered' | 'raised' | 'acknowledged' | 'arrived' | 're-measured' | 'closed';
export type HoldKind = 'unknown' | 'lost' | 'not-granted' | 'closed' | 'questions';
/** Key of the sentence pair `fault.X` and `fault.X.do`. */
export type Fault =
  | 'thermometer'
  | 'reader'
  | 'bridge'
  | 'device-silent'
  | 'device-warm-up'
  | 'device-barred'
  | 'no-offset';

export type Screen =
  /** The bridge has not been heard yet: a card that is tapped now is heard by nobody. */
  | { name: 'start' }
  | { name: 'idle'; notice?: { lang: Language; title: string; text: string } | undefined }
  | { name: 'card'; who: Who | null }
  | { name: 'measuring'; who: Who | null; saving: boolean; handheld: boolean; nextWaits: boolean }
  | { name: 'admit'; who: Who | null; shown: string | null }
  | { name: 'again'; tries: number; triesMax: number; next: NextMeasure | null }
  | {
      name: 'refer';
      caseNo: string | null;
      caseState: CaseState;
      how: 'nurse-comes' | 'escort' | 'fever-clinic' | null;
      clinic: string;
      phone: string;
      secret: Private;
    }
  | {
      name: 'deny';
      caseNo: string | null;
      phone: string;
      clinic: string;
      listAgeMs: number | null;
      clockUnsure?: true | undefined;
      secret: Private;
    }
  | {
      name: 'hold';
      kind: HoldKind;
      cardTail: string | null;
      rosterAsOfWallMs: number | null /** The hub was asked. */;
      asked: boolean;
      /** Of the travel question; empty with every other kind. */
      regions: readonly Region[];
      secret: Private;
    }
  | { name: 'trouble'; fault: Fault; code: string | null; forMs: number; deviceId: string | null; hasPerson: boolean }
  | { name: 'not-saved'; wallMs: number; secret: Private }
  | { name: 'second-page' };

export type Stripe = { tone: 'dark' | 'amber'; key: StripeKey; params: Record<string, string | number> };
export type StripeKey =
  | 'stripe.offline'
  | 'stripe.offlineLong'
  | 'stripe.notEnrolled'
  | 'stripe.pageOnly'
  | 'stripe.journalOnly'
  | 'stripe.restored'
  | 'stripe.failing'
  | 'stripe.clock'
  | 'stripe.pulse'
  | 'stripe.late'
  | 'stripe.vehicle'
  | 'stripe.vehicleShut'
  | 'fault.barrier'
  | 'shift.nobody';

export type Chip = {
  card: string | null;
  kind: 'refer' | 'again' | 'hold' | 'measuring' | 'trouble';
  /** Case number, or the tail of the card: what tells two chips apart without a name. */
  mark: string;
  /** Milliseconds since this person stepped off the lane. */
  forMs: number;
  caseState: CaseState | null;
};

/** What a shift leaves to the next. */
export type OpenItems = {
  sinceWallMs: number | null;
  counts: ShiftCounts;
  /** Cases that nobody has fetched yet, oldest first. */
  cases: readonly { caseId: string; caseNo: string }[];
  /** An entry takes no more. */
  casesMax: number;
  /** Chips beside the cases. */
  waiting: number;
  devices: readonly string[];
};

export type GateModel = {
  screen: Screen;
  /** Reason code of the decision that is shown, for tests and for support on the telephone. */
  reason: string | null;
  saved: SaveState | 'pending';
  /** Card key of the passage that the buttons speak of. */
  card: string | null;
  direction: 'in' | 'out';
  stripes: Stripe[];
  chips: Chip[];
  /** Milliseconds that the last admission can still be taken back; null when there is none. */
  undoMs: number | null;
  /** Night and nobody there for 10 minutes. */
  dim: boolean;
  /** CSS `translate` against burn-in: another of nine places within ±4 px each minute while idle. */
  shift: string;
  header: {
    wallMs: number;
    lane: string;
    simulated: boolean;
    hub: 'online' | 'away' | 'not-enrolled';
    queue: number;
    today: number;
    onDuty: string | null;
  };
};

/** A value typed on the keypad. */
export type Typed = { tenths: Tenths; site: Site; method: Method; card: string | null };

export type RoomView = 'menu' | 'find' | 'visitor' | 'decide' | 'slip';

/** What may be asked for, of the passage of any card. */
export type Acts = {
  retry(card: string | null): void;
  leave(card: string | null): void;
  refuse(card: string | null): void;
  noContact(card: string | null): void;
  answer(answer: Answer, card: string | null): void;
  reconnect(deviceId: string): void;
  /** The guard has dealt with what is on the screen: back to idle, the chip stays. */
  dismiss(): void;
  uploadNow(): void;
  /** The last admission was a mistake: the person is referred, and barred from here on. */
  undo(): void;
};

/** The same for the passage that is shown: what a screen is given. */
export type ScreenActs = Pick<Acts, 'reconnect' | 'dismiss'> & {
  /** Opens the room for people whom a card does not settle. */
  room(view: RoomView): void;
  keypad(method?: Method): void;
  retry(): void;
  leave(): void;
  refuse(): void;
  noContact(): void;
  answer(answer: Answer): void;
};

export type ScreenProps<Name extends ScreenName> = {
  screen: Extract<Screen, { name: Name }>;
  model: GateModel;
  acts: ScreenActs;
};

export type { Verdict };
