// What the screen shows, from the lane and the station: pure, no clock, no DOM. Called by the controller after every
// change and once a second.
import type { RosterRow } from '../contracts/downlink.ts';
import { campusDay } from '../domain/campus-day.ts';
import type { CardNumber } from '../domain/entry.ts';
import type { PersonFacts } from '../domain/order.ts';
import { textOfTenths } from '../domain/reading.ts';
import type { Decision, Reason, Verdict } from '../domain/verdict.ts';
import { language } from '../i18n/define.ts';
import { barrierCode, codes, faultNow, faultOfReason } from './faults.ts';
import type { GuestDesk } from './guest-types.ts';
import type { CaseState, Chip, GateModel, HoldKind, Private, Screen, Stripe, Who } from './model.ts';
import type { PulseOutcome, SaveState, StationNow } from './station-types.ts';

export const limits = {
  /** Card read shows name and "stand still"; after this the blue screen says that it measures. */
  cardFaceMs: 700,
  handheldAfterMs: 3_000,
  savingWordMs: 300,
  listOldMs: 43_200_000,
  offlineLongMs: 86_400_000,
  queueLong: 50_000,
  stripesMax: 3,
  tailChars: 4,
  dimAfterMs: 600_000,
  nightFromHour: 22,
  nightToHour: 6,
  shiftPx: 4,
  noticeMs: 15_000,
  undoMs: 10_000,
} as const;

/** The lane as the view needs it, adapted from the domain's laneView. */
export type LaneFace = {
  /** `open`: a card holds the lane and a measurement is awaited. */
  phase: 'idle' | 'open' | 'done';
  card: string | null;
  passage: number | null;
  sinceMs: number;
  nextWaits: boolean;
  chips: readonly {
    card: string | null;
    passage: number;
    verdict: Verdict | null;
    reason: Reason | null;
    sinceMs: number;
  }[];
};

/** The decision on the screen and how far its two copies and its pulse have come. */
export type Shown = {
  decision: Decision;
  entryId: string;
  caseNo: string | null;
  saved: SaveState | 'pending';
  pulse: PulseOutcome | null;
  wallMs: number;
};

export type ViewInput = {
  nowMs: number;
  wallMs: number;
  lane: LaneFace;
  shown: Shown | null;
  /** A decision was made and its first copy is not there yet. */
  saving: { card: string | null; sinceMs: number } | null;
  /** When the present device trouble began; null without one. */
  faultSinceMs: number | null;
  /** How long nobody has been at the gate; 0 while somebody is. */
  idleForMs: number;
  /** When the last admission was painted; null when it was taken back or there is none. */
  admittedAtMs: number | null;
  station: StationNow;
  /** entryIds of cases of this page's life that are open no more. */
  closedCases: ReadonlySet<string>;
  /** The roster's row of whoever holds this card or bears this id. */
  rowOf(card: string | null, personId: string | null): RosterRow | null;
  numberOf(card: string | null): CardNumber | null;
  /** What the orders say of this card's person by the best clock there is. */
  factsOf(card: string | null): PersonFacts | null;
  isLost(card: string | null): boolean;
  /** entryId and case number of the case that this card's passage raised. */
  caseOf(card: string | null): { entryId: string; caseNo: string | null } | null;
  /** null until there was anybody whom a card does not settle. */
  guests: Pick<GuestDesk, 'markOf' | 'isAsked' | 'vehicle'> | null;
};

function tailOf(number: CardNumber | null): string | null {
  const digits = number?.printed ?? number?.uid ?? null;
  return digits === null ? null : digits.slice(-limits.tailChars);
}

function whoOf(input: ViewInput, card: string | null, personId: string | null): Who | null {
  const row = input.rowOf(card, personId);
  if (row === null) return null;
  const facts = input.factsOf(card);
  const watchDay = facts?.order === 'watch' ? (facts.orderDay ?? undefined) : undefined;
  return { name: row.name, category: row.category, unit: row.unit, ...(watchDay === undefined ? {} : { watchDay }) };
}

function secretOf(input: ViewInput, decision: Decision): Private {
  const row = input.rowOf(decision.card, decision.personId);
  return {
    name: row?.name ?? null,
    unit: row?.unit ?? null,
    contact: row?.contact ?? null,
    shown: decision.shownTenths === null ? null : textOfTenths(decision.shownTenths),
    reason: decision.reason,
    cardTail: tailOf(input.numberOf(decision.card)),
    ...(input.factsOf(decision.card)?.orderEnd === 'due-for-release' ? { due: true } : {}),
  };
}

/** What the clinic said of a case, or that the news has not even left. */
function caseStateOf({ station, closedCases }: ViewInput, entryId: string): CaseState {
  if (closedCases.has(entryId)) return 'closed';
  const known = station.cases.get(entryId);
  if (known?.delivered) return known.state;
  return station.hub.state === 'online' ? 'pending' : 'undelivered';
}

function holdKindOf(reason: Reason): HoldKind {
  switch (reason) {
    case 'return-not-granted':
      return 'not-granted';
    case 'campus-closed':
      return 'closed';
    case 'questions-due':
      return 'questions';
    default:
      return 'unknown';
  }
}

function verdictScreen(input: ViewInput, { decision, entryId, caseNo }: Shown): Screen {
  const { station } = input;
  switch (decision.verdict) {
    case 'admit':
      return {
        name: 'admit',
        who: whoOf(input, decision.card, decision.personId),
        shown: decision.shownTenths === null ? null : textOfTenths(decision.shownTenths),
      };
    case 'again':
      return { name: 'again', tries: decision.tries, triesMax: station.policy.triesMax, next: decision.next };
    case 'refer':
      return {
        name: 'refer',
        caseNo,
        caseState: caseStateOf(input, entryId),
        how: station.cases.get(entryId)?.how ?? null,
        clinic: station.clinic.name,
        phone: station.clinic.phone,
        secret: secretOf(input, decision),
      };
    case 'deny': {
      const age = station.roster.asOfWallMs === null ? null : input.wallMs - station.roster.asOfWallMs;
      return {
        name: 'deny',
        caseNo,
        clinic: station.clinic.name,
        phone: station.clinic.phone,
        listAgeMs: age !== null && age > limits.listOldMs ? age : null,
        ...(input.factsOf(decision.card)?.orderEnd === 'unsure' ? { clockUnsure: true } : {}),
        secret: secretOf(input, decision),
      };
    }
    case 'hold':
      return {
        name: 'hold',
        kind: decision.reason === 'unknown-card' && input.isLost(decision.card) ? 'lost' : holdKindOf(decision.reason),
        cardTail: tailOf(input.numberOf(decision.card)),
        rosterAsOfWallMs: station.roster.asOfWallMs,
        asked: input.guests?.isAsked(decision.card) ?? false,
        regions: decision.reason === 'questions-due' ? station.regions : [],
        secret: secretOf(input, decision),
      };
    case 'trouble': {
      const now = faultNow(station.bridge, station.devices, station.info?.direction ?? 'in');
      return {
        name: 'trouble',
        fault: now?.fault ?? faultOfReason(decision.reason),
        code: now?.code ?? null,
        deviceId: now?.deviceId ?? null,
        forMs: input.nowMs - (input.faultSinceMs ?? decision.atMs),
        hasPerson: true,
      };
    }
    default:
      return decision.verdict satisfies never;
  }
}

function screenOf(input: ViewInput): Screen {
  const { station, shown, lane, nowMs } = input;
  if (station.bridge === 'second-page' || station.storage.state === 'second-page') return { name: 'second-page' };
  if (shown?.saved === 'none')
    return { name: 'not-saved', wallMs: shown.wallMs, secret: secretOf(input, shown.decision) };
  if (shown !== null) return verdictScreen(input, shown);
  const { saving } = input;
  if (saving !== null) {
    // Two durable copies take about 2 ms: only a slow one is worth a word.
    const slow = nowMs - saving.sinceMs >= limits.savingWordMs;
    return {
      name: 'measuring',
      who: whoOf(input, saving.card, null),
      saving: slow,
      handheld: false,
      nextWaits: lane.nextWaits,
    };
  }
  if (lane.phase === 'open') {
    const who = whoOf(input, lane.card, null);
    const forMs = nowMs - lane.sinceMs;
    if (forMs < limits.cardFaceMs) return { name: 'card', who };
    return {
      name: 'measuring',
      who,
      saving: false,
      handheld: forMs >= limits.handheldAfterMs,
      nextWaits: lane.nextWaits,
    };
  }
  if (station.bridge === 'connecting') return { name: 'start' };
  const fault = faultNow(station.bridge, station.devices, station.info?.direction ?? 'in');
  if (fault !== null)
    return { name: 'trouble', ...fault, forMs: nowMs - (input.faultSinceMs ?? nowMs), hasPerson: false };
  const notice = noticeOf(input);
  return notice === null ? { name: 'idle' } : { name: 'idle', notice };
}

/** One at a time, each for as long, in the page's language where it is told in it. */
function noticeOf({ station, wallMs }: ViewInput): Extract<Screen, { name: 'idle' }>['notice'] | null {
  const today = campusDay(wallMs);
  const due = station.notices.filter(({ untilDay }) => untilDay >= today);
  const one = due[Math.floor(wallMs / limits.noticeMs) % Math.max(1, due.length)];
  if (one === undefined) return null;
  const lang = one.en !== null && language.value === 'en' ? 'en' : 'zh';
  return { lang, ...(one[lang] ?? one.zh) };
}

function stripesOf({ station, shown, wallMs, guests }: ViewInput): Stripe[] {
  const stripes: Stripe[] = [];
  const add = (tone: Stripe['tone'], key: Stripe['key'], params: Stripe['params'] = {}) =>
    stripes.push({ tone, key, params });
  if (shown?.decision.verdict === 'admit' && shown.pulse !== null && shown.pulse !== 'sent') {
    add('amber', 'stripe.pulse', { code: codes.pulse[shown.pulse] });
  } else {
    const barrier = barrierCode(station.bridge, station.devices);
    if (barrier !== null) add('amber', 'fault.barrier', { code: barrier });
  }
  const vehicle = guests?.vehicle();
  if (vehicle) {
    const { state, admitted, seats } = vehicle;
    if (state === 'shut') add('amber', 'stripe.vehicleShut');
    else add('dark', 'stripe.vehicle', { n: admitted, max: seats });
  }
  if (shown?.saved === 'page-only') add('amber', 'stripe.pageOnly');
  if (shown?.saved === 'journal-only') add('amber', 'stripe.journalOnly');
  if (station.storage.state === 'failing')
    add('amber', 'stripe.failing', { code: station.storage.code ?? codes.store });
  if (station.storage.state === 'restored')
    add('amber', 'stripe.restored', { code: station.storage.code ?? codes.store });
  const { hub, queue, roster } = station;
  const away = hub.lastSeenWallMs === null ? 0 : wallMs - hub.lastSeenWallMs;
  const waits = {
    n: queue.count,
    ...(queue.oldestWallMs === null ? {} : { waitsMs: Math.max(0, wallMs - queue.oldestWallMs) }),
  };
  if (hub.state === 'not-enrolled') add('amber', 'stripe.notEnrolled', { ...waits, code: codes.notEnrolled });
  else if (hub.state === 'away' && (away > limits.offlineLongMs || queue.count > limits.queueLong)) {
    add('amber', 'stripe.offlineLong', { ...waits, code: codes.hubAwayLong });
  } else if (hub.state === 'away') {
    add('dark', 'stripe.offline', {
      ...waits,
      ...(roster.asOfWallMs === null ? {} : { ageMs: wallMs - roster.asOfWallMs }),
    });
  }
  if (station.clockUnsure) add('dark', 'stripe.clock', { code: codes.clock });
  if (station.bridge === 'online' && station.posts.duty === null) add('dark', 'shift.nobody');
  return stripes.slice(0, limits.stripesMax);
}

function chipsOf(input: ViewInput): Chip[] {
  return input.lane.chips.map((chip): Chip => {
    const raised = input.caseOf(chip.card);
    const kind =
      chip.verdict === null || chip.verdict === 'admit'
        ? 'measuring'
        : chip.verdict === 'deny'
          ? 'refer'
          : chip.verdict;
    return {
      card: chip.card,
      kind,
      mark:
        raised?.caseNo ??
        input.guests?.markOf(chip.card) ??
        (tailOf(input.numberOf(chip.card)) ? `…${tailOf(input.numberOf(chip.card))}` : ''),
      forMs: input.nowMs - chip.sinceMs,
      caseState: raised === null ? null : caseStateOf(input, raised.entryId),
    };
  });
}

/** Hour 0..23 at Beijing time, which has no daylight saving. */
export function campusHour(wallMs: number): number {
  return Math.floor(wallMs / 3_600_000 + 8) % 24;
}

function undoMsOf({ admittedAtMs, nowMs }: ViewInput): number | null {
  const left = admittedAtMs === null ? 0 : admittedAtMs + limits.undoMs - nowMs;
  return left > 0 ? left : null;
}

function isDim(input: ViewInput): boolean {
  const hour = campusHour(input.wallMs);
  const night = hour >= limits.nightFromHour || hour < limits.nightToHour;
  return night && input.idleForMs >= limits.dimAfterMs;
}

/** Nobody sees it move: another place each minute, only while the same picture stands for long. */
function shiftOf(input: ViewInput): string {
  if (input.idleForMs === 0) return 'none';
  const step = Math.floor(input.wallMs / 60_000) % 9;
  return `${((step % 3) - 1) * limits.shiftPx}px ${(Math.floor(step / 3) - 1) * limits.shiftPx}px`;
}

export function viewOf(input: ViewInput): GateModel {
  const { station, shown, lane } = input;
  return {
    screen: screenOf(input),
    reason: shown?.decision.reason ?? null,
    saved: shown?.saved ?? 'pending',
    card: shown?.decision.card ?? (lane.phase === 'idle' ? null : lane.card),
    direction: station.info?.direction ?? 'in',
    stripes: stripesOf(input),
    chips: chipsOf(input),
    undoMs: undoMsOf(input),
    dim: isDim(input),
    shift: shiftOf(input),
    header: {
      wallMs: input.wallMs,
      lane: station.info?.name ?? '',
      simulated: station.info?.simulated ?? false,
      hub: station.hub.state,
      queue: station.queue.count,
      today: station.todayCount,
      onDuty: station.posts.duty?.name ?? null,
    },
  };
}
