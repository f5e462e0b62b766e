// Runs the pure passage of src/domain against the station: signals in, effects out, and the model that the screens paint.
// Called by main.tsx; driven by a fake station in tests.
import { type BaselineMemory, baselineAt, rememberNormal } from '../domain/baseline.ts';
import type { CardNumber } from '../domain/entry.ts';
import { readingOf } from '../domain/measure.ts';
import type { PersonFacts } from '../domain/order.ts';
import { createLane, type LaneContext, type LaneEffect, type LaneEvent, step, wakeAtMs } from '../domain/passage.ts';
import { type Tenths, tenthsOf } from '../domain/reading.ts';
import type { Decision, SensorState } from '../domain/verdict.ts';
import type { ControllerParts, GateController } from './controller-types.ts';
import { createDecisionDesk, type DecisionDesk } from './decision-desk.ts';
import { faultNow, sensorOf } from './faults.ts';
import { type Shown, limits as viewLimits, viewOf } from './gate-view.ts';
import type { GuestDesk } from './guest-types.ts';
import { laneFaceOf } from './lane-face.ts';
import type { GateModel } from './model.ts';
import { createOverrideDesk } from './override-desk.ts';
import { reopened, waitingCases } from './reopened-case.ts';
import { cardKeyOf, cardOf, sampleOf, typedReading } from './signals-in.ts';
import { subscribe } from './station-face.ts';
import type { StationNow } from './station-types.ts';

export const limits = {
  admitMs: 1_500,
  /** An admission with something to do by hand stays longer. */
  admitFaultMs: 8_000,
  denyMs: 30_000,
  /** How long a verdict is seen when the next card waited for it. */
  yieldMs: 1_200,
  idleTickMs: 1_000,
  busyTickMs: 250,
  pulseMs: 1_000,
  /** Until its bridge and devices have answered a page that starts has trouble, which is no reason for a tone. */
  startQuietMs: 2_500,
  cards: 512,
} as const;

export function createGateController(parts: ControllerParts): GateController {
  const { station, now, wallNow, after } = parts;
  let lane = createLane();
  const numbers = new Map<string, CardNumber>();
  let faultSinceMs: number | null = null;
  let handedOver: ReadonlySet<string> = new Set();
  /** The verdict that was put aside last: it comes back by its chip or card, not by the next sample. */
  let putAside: string | null = null;
  let closedCases: ReadonlySet<string> = new Set();
  let ambient: { tenths: Tenths; atMs: number } | null = null;
  let baseline: BaselineMemory = [];
  const startedMs = now();
  let lastBusyMs = startedMs;
  let toldSensor: SensorState = 'ready';
  let toldFault: string | null = null;
  let knownCases: StationNow['cases'] = new Map();
  let admitted: Shown | null = null;
  const cancels = new Map<string, () => void>();
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };

  /** One timer a name: setting it again calls the former off. */
  const timer = (name: string, work: () => void, ms: number) => {
    cancels.get(name)?.();
    cancels.set(name, after(work, ms));
  };
  const numberOf = (card: string | null) => (card === null ? null : (numbers.get(card) ?? null));
  const holder = () => lane.open.find((passage) => passage.number === lane.holder) ?? null;

  const desk: DecisionDesk = createDecisionDesk({
    station,
    wallNow,
    newId: parts.newId,
    sound: parts.sound,
    numberOf,
    mayPaint: ({ decision }) => !isPassedBy(decision),
    onPainted,
    onChange: () => changed(),
    marksOf(card, passage, passageId) {
      const overrideId = overrides.idOf(passage);
      return { ...guests?.marksOf(card, passageId), ...(overrideId !== undefined && { overrideId }) };
    },
    ride: async (...asked) => guests?.ride(...asked) ?? null,
  });
  const overrides = createOverrideDesk({ station, now, feed, passageIdOf: desk.passageIdOf });
  /** Comes with the visitors' room: until somebody has opened it there are no guests. */
  let guests: GuestDesk | null = null;

  function factsOfCard(card: string): PersonFacts | null {
    const number = numberOf(card);
    return number === null ? null : station.factsOf(number);
  }

  /** Another card was tapped after this decision and is being measured: its screen goes first. */
  function isPassedBy(decision: Decision): boolean {
    const present = holder();
    if (present === null || present.number === decision.passage || present.phase !== 'measuring') return false;
    // Who waited came onto the lane at the very instant of the decision: the verdict is still seen, for a moment.
    return present.sinceMs > decision.atMs;
  }

  function context(): LaneContext {
    const policy = station.state().policy;
    const isKnown = ambient !== null && now() - ambient.atMs <= policy.ambientUnknownMs;
    return {
      policy,
      direction: station.state().info?.direction ?? 'in',
      campus: station.state().campus,
      ambientTenths: isKnown && ambient !== null ? ambient.tenths : null,
      baselineTenths: baselineAt(baseline, now(), policy),
      factsOf(card) {
        const guest = guests?.factsOf(card);
        return guest === undefined ? factsOfCard(card) : guest;
      },
    };
  }

  function feed(event: LaneEvent): LaneEffect[] {
    const around = context();
    const stepped = step(lane, event, around);
    lane = stepped.lane;
    for (const one of stepped.effects) perform(one, around);
    settleScreen(stepped.effects);
    const wake = wakeAtMs(stepped.lane);
    if (wake === null) cancels.get('wake')?.();
    else timer('wake', () => feed({ kind: 'tick', atMs: now() }), Math.max(0, wake - now()));
    look();
    return stepped.effects;
  }

  function perform(one: LaneEffect, around: LaneContext): void {
    switch (one.do) {
      case 'decide': {
        const { verdict, reason, governing } = one.decision;
        if (verdict === 'admit' && reason === 'normal' && governing !== null) {
          baseline = rememberNormal(baseline, governing, around.policy);
        }
        desk.decide(one.decision, around, now());
        guests?.decided(one.decision.card);
        break;
      }
      case 'greet':
        parts.sound('tick');
        break;
      case 'evidence':
        desk.evidence(one);
        break;
      case 'left':
        desk.left(one);
        guests?.left(desk.passageIdOf(one.passage));
        break;
      default:
        one satisfies never;
    }
  }

  /** A verdict leaves the screen when the lane has gone on: another person, another try, or nobody any more. */
  function settleScreen(effects: readonly LaneEffect[]): void {
    const present = holder();
    const on = desk.shown;
    const decided = effects.some((one) => one.do === 'decide');
    if (present !== null && present.number !== on?.decision.passage) {
      const known = desk.shownOf(present.number);
      if (present.phase === 'measuring') {
        if (on !== null && on.saved !== 'none' && isPassedBy(on.decision)) desk.shown = null;
      } else if (!decided && known !== null && known.saved !== 'pending' && known.entryId !== putAside)
        desk.shown = known;
      return;
    }
    if (on === null || on.saved === 'none') return;
    if (present !== null) {
      if (present.phase === 'measuring') desk.shown = null;
      return;
    }
    const { verdict, passage } = on.decision;
    const isOpen = passage < 1 || lane.open.some((one) => one.number === passage);
    if (!isOpen && verdict !== 'admit' && verdict !== 'deny') desk.shown = null;
  }

  function onPainted(painted: Shown): void {
    const { verdict } = painted.decision;
    if (verdict === 'admit' && painted.saved !== 'none') admitted = painted;
    const clear = () => {
      if (desk.shown?.entryId === painted.entryId && desk.shown.saved !== 'none') desk.shown = null;
      look();
    };
    const hasWork =
      (painted.pulse !== null && painted.pulse !== 'sent') ||
      painted.saved === 'page-only' ||
      painted.saved === 'journal-only';
    const present = holder();
    const nextIsOn = present !== null && present.number !== painted.decision.passage && present.phase === 'measuring';
    if (nextIsOn) timer('verdict', clear, limits.yieldMs);
    else if (verdict === 'admit') timer('verdict', clear, hasWork ? limits.admitFaultMs : limits.admitMs);
    else if (verdict === 'deny') timer('verdict', clear, limits.denyMs);
    look();
  }

  function model(): GateModel {
    const nowMs = now();
    const wallMs = wallNow();
    const last = lane.holder === null ? null : desk.shownOf(lane.holder);
    const face = laneFaceOf(lane, last !== null && last.entryId === putAside);
    const waiting = waitingCases(
      station.state().cases,
      lane,
      handedOver,
      nowMs,
      wallMs,
      (card) => desk.caseOf(card)?.entryId ?? null,
    );
    const chips = face.chips.filter((chip) => {
      const raised = desk.caseOf(chip.card);
      return raised === null || !handedOver.has(raised.entryId);
    });
    return viewOf({
      nowMs,
      wallMs,
      lane: { ...face, chips: [...chips, ...waiting.filter((one) => one.card !== desk.shown?.decision.card)] },
      shown: desk.shown,
      saving: desk.saving,
      faultSinceMs,
      idleForMs: idleForMs(),
      admittedAtMs: admitted?.decision.atMs ?? null,
      station: station.state(),
      closedCases,
      rowOf(card, personId) {
        const id = guests?.personIdOf(card) ?? personId;
        const byId = id === null ? null : station.personById(id);
        const number = numberOf(card);
        return byId ?? (number === null ? null : station.personOf(number));
      },
      numberOf,
      factsOf: (card) => context().factsOf(card ?? ''),
      isLost(card) {
        const number = numberOf(card);
        return number !== null && station.isLost(number);
      },
      caseOf: desk.caseOf,
      guests,
    });
  }

  const isBusy = () => lane.holder !== null || desk.shown !== null || desk.saving !== null;
  const idleForMs = () => (isBusy() ? 0 : Math.max(0, now() - lastBusyMs));

  let wasBusy = false;
  function look(): void {
    const busy = isBusy();
    if (busy || wasBusy) lastBusyMs = now();
    if (busy !== wasBusy) station.setBusy(busy);
    wasBusy = busy;
    changed();
  }
  function tick(): void {
    look();
    timer('clock', tick, wasBusy ? limits.busyTickMs : limits.idleTickMs);
  }

  function know(number: CardNumber): string | null {
    const card = cardKeyOf(number);
    if (card === null) return null;
    numbers.delete(card);
    numbers.set(card, number);
    const oldest = numbers.keys().next();
    if (numbers.size > limits.cards && !oldest.done) numbers.delete(oldest.value);
    return card;
  }

  station.onTap((tap) => {
    const card = know(cardOf(tap));
    if (card === null) return;
    guests?.tapped(card);
    feed({ kind: 'tap', atMs: tap.atMs, card });
  });
  station.onSample((heard) => {
    if (heard.ambientCentiCelsius !== null) ambient = { tenths: tenthsOf(heard.ambientCentiCelsius), atMs: heard.atMs };
    const sample = sampleOf(heard);
    // Another thermometer may be ready while this one warms up or is barred: its values are nobody's.
    const from = station.state().devices.find((device) => device.deviceId === heard.deviceId);
    if (sample === null || from?.sensor !== 'ready') return;
    // A query-mode value is a reading by itself.
    if (heard.single) feed({ kind: 'reading', atMs: heard.atMs, reading: readingOf(sample) });
    else feed({ kind: 'sample', atMs: heard.atMs, sample });
  });
  station.onChange(watch);
  station.onTold((event) => {
    if (event.topic === 'decision') {
      const passage = lane.open.find((one) => desk.passageIdOf(one.number) === event.passageId);
      if (passage !== undefined) (event.reason === 'visitor' ? guests : overrides)?.heard(event, passage);
      changed();
      return;
    }
    const { personId, hubMs, tries, last } = event;
    const ageMs = wallNow() + (station.state().hub.offsetMs ?? 0) - hubMs;
    feed({ kind: 'elsewhere', atMs: now(), personId, sinceMs: now() - Math.max(0, ageMs), tries, last });
  });
  watch();
  tick();

  function soundFault(): void {
    const quietMs = startedMs + limits.startQuietMs - now();
    if (quietMs <= 0) parts.sound('fault');
    else
      timer(
        'start-fault',
        () => {
          if (toldFault !== null) parts.sound('fault');
        },
        quietMs,
      );
  }

  /** What the lane must hear of the station's changes; fed afterwards, since a change may come out of a step. */
  function watch(): void {
    const { bridge, devices, info, cases } = station.state();
    const sensor = sensorOf(bridge, devices);
    if (sensor !== toldSensor) {
      toldSensor = sensor;
      queueMicrotask(() => feed({ kind: 'sensor', atMs: now(), sensor }));
    }
    // Since when the present trouble stands, and its tone once.
    const fault = faultNow(bridge, devices, info?.direction ?? 'in');
    const name = fault === null ? null : `${fault.fault} ${fault.deviceId}`;
    if (name !== toldFault) {
      toldFault = name;
      faultSinceMs = name === null ? null : now();
      if (name !== null) soundFault();
    }
    if (cases !== knownCases) watchCases(cases);
    changed();
  }

  /** A case that the clinic closed lifts the lane's own bar. */
  function watchCases(present: StationNow['cases']): void {
    for (const one of present.values()) if (one.card !== null) know(one.card);
    const gone = [...knownCases].filter(([entryId]) => !present.has(entryId));
    knownCases = present;
    if (gone.length === 0) return;
    queueMicrotask(() => {
      closedCases = new Set([...closedCases, ...gone.map(([entryId]) => entryId)].slice(-limits.cards));
      for (const [entryId, { card }] of gone) {
        const guest = () => lane.open.find((one) => desk.caseOf(one.card)?.entryId === entryId)?.card ?? null;
        const key = card === null ? guest() : cardKeyOf(card);
        if (key !== null) feed({ kind: 'case-closed', atMs: now(), card: key });
      }
    });
  }

  const named = (card: string | null) => (card === null ? {} : { card });
  function dismiss(): void {
    const on = desk.shown;
    if (on === null) return;
    if (on.decision.verdict === 'refer' && on.saved !== 'none') {
      handedOver = new Set([...handedOver, on.entryId].slice(-limits.cards));
    }
    putAside = on.entryId;
    desk.shown = null;
    look();
  }

  function undo(): void {
    const last = admitted;
    if (last === null || now() - last.decision.atMs > viewLimits.undoMs) return;
    admitted = null;
    const raised = station.state().cases.get(desk.takeBack(last, context()));
    if (raised !== undefined && last.decision.card !== null) desk.shown = reopened(raised, last.decision.card, now());
    else if (desk.shown?.entryId === last.entryId) desk.shown = null;
    look();
  }

  return {
    model,
    onChange: (listener) => subscribe(listeners, listener),
    sound: parts.sound,
    idleForMs,
    guests(create) {
      guests ??= create({
        ...{ station, now, wallNow, newId: parts.newId, changed, feed, factsOfCard },
        passages: () => lane.open,
        passageIdOf: desk.passageIdOf,
        lastCard: () => lane.last?.card ?? null,
        caseOf: desk.caseOf,
        override: overrides.override,
      });
      return guests.acts;
    },
    acts: {
      retry(card) {
        if (card === null) return;
        putAside = null;
        const passage = lane.open.find((one) => one.card === card) ?? null;
        const raised = passage === null || passage.phase === 'referred' ? desk.caseOf(card) : null;
        const known = raised === null ? undefined : station.state().cases.get(raised.entryId);
        const told = passage === null ? null : desk.shownOf(passage.number);
        // Who was referred is not measured again: the chip brings back what the guard must do, also after a reload.
        if (raised !== null && told?.decision.verdict === 'refer') desk.shown = told;
        else if (known !== undefined) desk.shown = reopened(known, card, now());
        else feed({ kind: 'resume', atMs: now(), card });
        look();
      },
      leave: (card) => {
        feed({ kind: 'leave', atMs: now(), ...named(card) });
        if (desk.shown?.decision.card === card) desk.shown = null;
        look();
      },
      refuse: (card) => void feed({ kind: 'refuse', atMs: now(), ...named(card) }),
      noContact: (card) => void feed({ kind: 'no-contact', atMs: now(), ...named(card) }),
      answer: (answer, card) => void feed({ kind: 'answers', atMs: now(), answer, ...named(card) }),
      reconnect: station.reconnect,
      dismiss,
      uploadNow: station.uploadNow,
      undo,
    },
    typed(value) {
      const by = station.state().signedIn;
      if (by === null) return;
      const reading = typedReading(value, by.staffId, now());
      const { card } = value;
      const raised = desk.caseOf(card);
      const isOnLane = card === null || lane.open.some((one) => one.card === card);
      if (!isOnLane && raised !== null) {
        const known = station.state().cases.get(raised.entryId);
        desk.evidence({ do: 'evidence', card, personId: known?.personId ?? null, reading, atMs: now() });
        return;
      }
      feed({ kind: 'reading', atMs: now(), reading, ...named(card) });
    },
    report: (body) => {
      const saved = station.record(body).first;
      void saved.then((state) => parts.sound(state === 'none' ? 'fault' : 'tick'));
      return saved;
    },
    async openByHand(reason) {
      const by = station.state().signedIn;
      if (by === null) return null;
      const body = { kind: 'manual-opening', by: by.staffId, reason } as const;
      return station.record(body, { notAfterMs: Math.floor(now() + limits.pulseMs) }).pulse;
    },
  };
}
