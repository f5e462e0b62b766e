// The clinic board as one value and the events that change it: pure, run by clinic-controller, shown by ClinicBoard.
import type { Referral } from '../contracts/clinic.ts';
import type { ReferralState } from '../contracts/downlink.ts';
import type { UnmeasuredRow } from '../contracts/unmeasured.ts';
import { campusDayNumber, isOverdue, type OpenState, openStates, stateSinceMs } from './clinic-rules.ts';

/** Milliseconds on the page's monotonic clock unless named `hub`. */
export const limits = { liveMs: 25_000, darkMs: 120_000, muteMs: 600_000, cardsShown: 3 } as const;

export type Ring = 'quiet' | 'loud';
/** `maySetPassword`: signed in with a one-time password, a lasting one must be set. */
export type Staff = { staffId: string; name: string; role: string; maySetPassword?: boolean | undefined };
export type Sentence = { zh: string; en: string };
/** Why a card did not do what was asked: somebody was quicker, the hub refused (its sentence), or it could not be asked. */
export type Notice =
  | { kind: 'taken'; by: string | null; state: ReferralState }
  | { kind: 'refused'; sentence: Sentence }
  | { kind: 'unreached' };

export type BoardState = {
  session: 'unknown' | 'signed-out' | 'expired' | 'signed-in';
  staff: Staff | null;
  loaded: boolean;
  referrals: ReadonlyMap<string, Referral>;
  /** Hub's clock minus the page's monotonic clock; null before the hub has told the time. */
  hubOffsetMs: number | null;
  connected: boolean;
  /** When the hub was last heard. */
  heardAtMs: number | null;
  /** Cases with a request on its way. */
  busy: ReadonlySet<string>;
  notices: ReadonlyMap<string, Notice>;
  /** Loudest ring that each case has had. */
  rung: ReadonlyMap<string, Ring>;
  loudAtMs: number | null;
  mute: { untilMs: number; by: string } | null;
  /** Passages without a measurement that the hub told of today, newest first; null while they cannot be read. */
  unmeasured: readonly UnmeasuredRow[] | null;
};

export type BoardEvent =
  | { type: 'session'; staff: Staff | null }
  | { type: 'expired' }
  | { type: 'snapshot'; referrals: readonly Referral[] }
  | { type: 'referral'; referral: Referral; rings: boolean }
  | { type: 'hub-time'; hubNowMs: number; atMs: number }
  | { type: 'heard'; atMs: number }
  | { type: 'link'; connected: boolean }
  | { type: 'asked'; caseId: string }
  | { type: 'answered'; referral: Referral }
  | { type: 'taken'; caseId: string; referral: Referral }
  | { type: 'failed'; caseId: string; notice: Notice }
  | { type: 'dismiss'; caseId: string }
  | { type: 'rang'; ring: Ring; caseIds: readonly string[]; atMs: number }
  | { type: 'mute'; by: string; atMs: number }
  | { type: 'unmute' }
  | { type: 'unmeasured'; rows: readonly UnmeasuredRow[] | null };

export const emptyBoard: BoardState = {
  session: 'unknown',
  staff: null,
  loaded: false,
  referrals: new Map(),
  hubOffsetMs: null,
  connected: false,
  heardAtMs: null,
  busy: new Set(),
  notices: new Map(),
  rung: new Map(),
  loudAtMs: null,
  mute: null,
  unmeasured: [],
};

/** The board after an event. Never changes what it was given. */
export function advance(state: BoardState, event: BoardEvent): BoardState {
  switch (event.type) {
    case 'session':
      if (event.staff) return { ...state, session: 'signed-in', staff: event.staff };
      // Signed out on purpose: nothing of the cases stays in the page.
      return { ...emptyBoard, session: 'signed-out' };
    case 'expired':
      return { ...state, session: state.staff ? 'expired' : 'signed-out', connected: false };
    case 'snapshot': {
      const referrals = new Map(event.referrals.map((referral) => [referral.caseId, newer(state, referral)]));
      return { ...state, loaded: true, referrals, ...forgetGone(state, referrals) };
    }
    case 'referral': {
      const known = state.referrals.has(event.referral.caseId);
      const next = withReferral(state, event.referral);
      // A repeat that must not ring (R: a repeat of a received entry rings nothing) counts as heard once, quietly.
      if (known || event.rings) return next;
      return { ...next, rung: new Map(next.rung).set(event.referral.caseId, 'quiet') };
    }
    case 'hub-time':
      return { ...state, hubOffsetMs: event.hubNowMs - event.atMs, heardAtMs: event.atMs };
    case 'heard':
      return { ...state, heardAtMs: event.atMs };
    case 'link':
      return { ...state, connected: event.connected };
    case 'asked':
      return { ...state, busy: new Set(state.busy).add(event.caseId), notices: without(state.notices, event.caseId) };
    case 'answered':
      return withReferral(released(state, event.referral.caseId), event.referral);
    case 'taken': {
      const next = withReferral(released(state, event.caseId), event.referral);
      const notice: Notice = { kind: 'taken', by: event.referral.acknowledgedBy, state: event.referral.state };
      return { ...next, notices: new Map(next.notices).set(event.caseId, notice) };
    }
    case 'failed': {
      const next = released(state, event.caseId);
      return { ...next, notices: new Map(next.notices).set(event.caseId, event.notice) };
    }
    case 'dismiss':
      return { ...state, notices: without(state.notices, event.caseId) };
    case 'rang': {
      const rung = new Map(state.rung);
      for (const caseId of event.caseIds) rung.set(caseId, event.ring);
      return { ...state, rung, loudAtMs: event.ring === 'loud' ? event.atMs : state.loudAtMs };
    }
    case 'mute':
      return { ...state, mute: { untilMs: event.atMs + limits.muteMs, by: event.by } };
    case 'unmute':
      return { ...state, mute: null };
    case 'unmeasured':
      return { ...state, unmeasured: event.rows };
    default:
      return event satisfies never;
  }
}

/** Hub's clock now; before the hub told it, null. */
export function hubNow(state: BoardState, nowMs: number): number | null {
  return state.hubOffsetMs === null ? null : nowMs + state.hubOffsetMs;
}

export type Connection = {
  state: 'live' | 'reconnecting' | 'stale' | 'dark';
  ageMs: number;
  heardHubMs: number | null;
};

/** How far the board may be trusted: silence of 25 s is amber whatever the socket says, of 2 min turns the board grey. */
export function connectionOf(state: BoardState, nowMs: number): Connection {
  const ageMs = state.heardAtMs === null ? 0 : Math.max(0, nowMs - state.heardAtMs);
  const heardHubMs =
    state.heardAtMs === null || state.hubOffsetMs === null ? null : state.heardAtMs + state.hubOffsetMs;
  if (ageMs > limits.darkMs) return { state: 'dark', ageMs, heardHubMs };
  if (ageMs > limits.liveMs) return { state: 'stale', ageMs, heardHubMs };
  return { state: state.connected && state.heardAtMs !== null ? 'live' : 'reconnecting', ageMs, heardHubMs };
}

export type Column = { state: OpenState; cards: Referral[] };

/** The four columns, overdue first, then the longest waiting. */
export function columnsOf(state: BoardState, nowMs: number): Column[] {
  const now = hubNow(state, nowMs) ?? 0;
  return openStates.map((name) => ({
    state: name,
    cards: [...state.referrals.values()]
      .filter((referral) => referral.state === name)
      .sort(
        (a, b) =>
          Number(isOverdue(b, now)) - Number(isOverdue(a, now)) ||
          stateSinceMs(a) - stateSinceMs(b) ||
          (a.caseId < b.caseId ? -1 : 1),
      ),
  }));
}

/** What was closed on the present campus day, latest first. */
export function closedToday(state: BoardState, nowMs: number): Referral[] {
  const now = hubNow(state, nowMs);
  if (now === null) return [];
  return [...state.referrals.values()]
    .filter((one) => one.state === 'closed' && campusDayNumber(one.closedAtMs ?? 0) === campusDayNumber(now))
    .sort((a, b) => (b.closedAtMs ?? 0) - (a.closedAtMs ?? 0));
}

/** Passages without a measurement on the present campus day, newest first; null while they cannot be read. */
export function unmeasuredToday(state: BoardState, nowMs: number): readonly UnmeasuredRow[] | null {
  const now = hubNow(state, nowMs);
  if (state.unmeasured === null || now === null) return state.unmeasured;
  return state.unmeasured.filter((one) => campusDayNumber(one.receivedAtMs) === campusDayNumber(now));
}

/** Who muted, while it lasts. */
export function muteOf(state: BoardState, nowMs: number): { by: string; leftMs: number } | null {
  if (!state.mute || nowMs >= state.mute.untilMs) return null;
  return { by: state.mute.by, leftMs: state.mute.untilMs - nowMs };
}

function newer(state: BoardState, referral: Referral): Referral {
  const known = state.referrals.get(referral.caseId);
  return known && known.version > referral.version ? known : referral;
}

function withReferral(state: BoardState, referral: Referral): BoardState {
  return { ...state, referrals: new Map(state.referrals).set(referral.caseId, newer(state, referral)) };
}

function released(state: BoardState, caseId: string): BoardState {
  const busy = new Set(state.busy);
  busy.delete(caseId);
  return { ...state, busy };
}

function without<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  const next = new Map(map);
  next.delete(key);
  return next;
}

/** Memory follows the board: what is no longer on it leaves no ring and no notice behind. */
function forgetGone(state: BoardState, referrals: ReadonlyMap<string, Referral>): Pick<BoardState, 'rung' | 'notices'> {
  const keep = <Value>(map: ReadonlyMap<string, Value>) =>
    new Map([...map].filter(([caseId]) => referrals.has(caseId)));
  return { rung: keep(state.rung), notices: keep(state.notices) };
}
