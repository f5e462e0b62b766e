// People whom a card does not settle: found by name, visitors, children, several in a vehicle. Holds what the lane asks of them and
// writes their entries. Comes with the visitors' room, which calls its acts; from then on the gate controller asks it.
import { campusDay } from '../../domain/campus-day.ts';
import type { PersonFacts } from '../../domain/order.ts';
import { createVehicle, hasSeat, takeLeft, takeVerdict, type Vehicle, vehicleState } from '../../domain/vehicle.ts';
import type { HoldReason } from '../../domain/verdict.ts';
import type { GuestDesk, GuestDeskParts } from '../guest-types.ts';

export const limits = { guests: 256, pulseMs: 1_000, vehicleMs: 900_000 } as const;

type Guest =
  | { kind: 'person'; personId: string; searchedBy: string }
  | {
      kind: 'visitor';
      visitorId: string;
      state: 'measuring' | 'asked' | 'approved' | 'refused';
      hostUnit: string;
      purpose: string;
      expiresDay: string;
      by: string;
    }
  | { kind: 'child'; nth: number; adult: string };

const visitorFacts: PersonFacts = {
  personId: null,
  order: null,
  orderDay: null,
  caseOpen: false,
  presence: 'on-campus',
  // Every visitor is asked (row 9).
  questionsDue: true,
  passesClosedCampus: false,
};

export function createGuestDesk(parts: GuestDeskParts): GuestDesk {
  const { station } = parts;
  const guests = new Map<string, Guest>();
  let count = 0;
  let vehicle: { now: Vehicle; sinceMs: number } | null = null;

  const passageOf = (card: string) => parts.passages().find((one) => one.card === card) ?? null;
  const isHeldFor = (card: string, reason: HoldReason) => {
    const passage = passageOf(card);
    return passage?.phase === 'identifying' && passage.reason === reason;
  };
  function remember(card: string, guest: Guest): void {
    guests.delete(card);
    guests.set(card, guest);
    const oldest = guests.keys().next();
    if (guests.size > limits.guests && !oldest.done) guests.delete(oldest.value);
  }
  const resume = (card: string) => void parts.feed({ kind: 'resume', atMs: parts.now(), card });
  const turnBack = (card: string) =>
    void parts.feed({ kind: 'decided', atMs: parts.now(), card, reason: 'unknown-card', allow: false });
  const by = () => station.state().signedIn?.staffId ?? null;

  function factsOf(card: string): PersonFacts | null | undefined {
    const guest = guests.get(card);
    switch (guest?.kind) {
      case undefined:
        return undefined;
      case 'person':
        return station.factsOfPerson(guest.personId);
      case 'visitor':
        return guest.state === 'approved' ? visitorFacts : null;
      case 'child': {
        // Where the adult may not go, the child with them does not go either; the answers are the adult's as well.
        const adult = factsOf(guest.adult);
        const facts = adult === undefined ? parts.factsOfCard(guest.adult) : adult;
        return facts && { ...facts, personId: null };
      }
      default:
        return guest satisfies never;
    }
  }

  function personIdOf(card: string | null): string | null {
    const guest = card === null ? undefined : guests.get(card);
    return guest?.kind === 'person' ? guest.personId : null;
  }

  function recordVisitor(
    card: string,
    guest: Extract<Guest, { kind: 'visitor' }>,
    approval: 'asked' | 'guard' | 'hub',
    approvedBy: string | null,
  ): void {
    const passage = passageOf(card);
    if (passage === null) return;
    const { visitorId, hostUnit, purpose, expiresDay } = guest;
    station.record({
      kind: 'visitor',
      passageId: parts.passageIdOf(passage.number),
      ...{ visitorId, hostUnit, purpose, expiresDay, approval, approvedBy, by: guest.by },
    });
  }
  const inVehicle = (passageId: string) =>
    vehicle !== null && parts.now() - vehicle.sinceMs < limits.vehicleMs && hasSeat(vehicle.now, passageId);

  return {
    factsOf,
    personIdOf,
    markOf(card) {
      const guest = card === null ? undefined : guests.get(card);
      if (guest === undefined || card === null) return null;
      return guest.kind === 'child' ? `C${guest.nth}` : card.startsWith('guest:') ? `V${card.slice(6)}` : null;
    },
    isAsked(card) {
      const guest = card === null ? undefined : guests.get(card);
      return guest?.kind === 'visitor' && guest.state === 'asked';
    },
    marksOf(card, passageId) {
      const guest = guests.get(card);
      return {
        ...(guest?.kind === 'person' && { by: 'search', searchedBy: guest.searchedBy }),
        ...(guest?.kind === 'visitor' && guest.state !== 'measuring' && { visitorId: guest.visitorId }),
        ...(guest?.kind === 'child' && {
          child: guest.nth,
          adultPersonId: personIdOf(guest.adult) ?? parts.factsOfCard(guest.adult)?.personId ?? null,
        }),
        ...(vehicle !== null && inVehicle(passageId) && { vehicleId: vehicle.now.vehicleId }),
      };
    },
    async ride(passageId, verdict, entryId) {
      if (vehicle === null) return null;
      vehicle = { ...vehicle, now: takeVerdict(vehicle.now, passageId, verdict, entryId) };
      if (vehicleState(vehicle.now) !== 'open') return null;
      const { vehicleId, occupants } = vehicle.now;
      vehicle = null;
      const ids = occupants.flatMap((one) => (one.entryId === null ? [] : [one.entryId]));
      const direction = station.state().info?.direction ?? 'in';
      const notAfterMs = Math.floor(parts.now() + limits.pulseMs);
      return station.record({ kind: 'vehicle', vehicleId, direction, occupants: ids }, { notAfterMs }).pulse;
    },
    decided(card) {
      const guest = card === null ? undefined : guests.get(card);
      if (card === null || guest?.kind !== 'visitor' || guest.state !== 'refused') return;
      queueMicrotask(() => turnBack(card));
    },
    left(passageId) {
      if (vehicle !== null) vehicle = { ...vehicle, now: takeLeft(vehicle.now, passageId) };
    },
    tapped(card) {
      if (guests.has(card) && passageOf(card) === null) guests.delete(card);
    },
    heard({ allow, by: approvedBy }, { card }) {
      const guest = guests.get(card);
      if (guest?.kind !== 'visitor' || guest.state !== 'asked') return;
      guest.state = allow ? 'approved' : 'refused';
      if (allow) recordVisitor(card, guest, 'hub', approvedBy);
      if (allow && isHeldFor(card, 'unknown-card')) resume(card);
      else if (!allow) turnBack(card);
    },
    vehicle() {
      if (vehicle === null) return null;
      const { seats, occupants } = vehicle.now;
      const admitted = occupants.filter((one) => one.state === 'admitted').length;
      return { state: vehicleState(vehicle.now), admitted, seats };
    },
    acts: {
      passageIdOf(card) {
        const passage = passageOf(card);
        return passage === null ? null : parts.passageIdOf(passage.number);
      },
      caseOf: parts.caseOf,
      startPerson(personId, card) {
        const searchedBy = by();
        if (searchedBy === null) return;
        const key = card !== null && isHeldFor(card, 'unknown-card') ? card : `person:${personId}`;
        remember(key, { kind: 'person', personId, searchedBy });
        resume(key);
      },
      startVisitor(card) {
        const guard = by();
        if (guard === null) return null;
        const key = card !== null && isHeldFor(card, 'unknown-card') ? card : `guest:${++count}`;
        const known = guests.get(key);
        if (known?.kind === 'visitor') return key;
        const expiresDay = campusDay(parts.wallNow());
        remember(key, {
          kind: 'visitor',
          visitorId: parts.newId(),
          state: 'measuring',
          ...{ hostUnit: '', purpose: '', expiresDay, by: guard },
        });
        if (key !== card) resume(key);
        return key;
      },
      async registerVisitor(card, details, second) {
        const guest = guests.get(card);
        if (guest?.kind !== 'visitor' || passageOf(card) === null) return;
        const { hostUnit, purpose, expiresDay } = details;
        Object.assign(guest, { hostUnit, purpose, expiresDay, state: second === null ? 'asked' : 'approved' });
        recordVisitor(card, guest, second === null ? 'asked' : 'guard', second);
        if (second !== null && isHeldFor(card, 'unknown-card')) resume(card);
        parts.changed();
        await station.keepVisitor({ visitorId: guest.visitorId, ...details });
      },
      startChild() {
        const adult = parts.lastCard();
        if (adult === null || guests.get(adult)?.kind === 'child') return false;
        const nth = [...guests.values()].filter((one) => one.kind === 'child' && one.adult === adult).length + 1;
        const key = `child:${++count}`;
        remember(key, { kind: 'child', nth, adult });
        resume(key);
        return true;
      },
      decide(card, given) {
        const guard = by();
        const passage = passageOf(card);
        if (guard === null || passage === null) return;
        parts.override(passage, { ...given, how: 'telephone', by: guard, decisionId: null });
      },
      startVehicle(seats) {
        vehicle = { now: createVehicle(parts.newId(), seats), sinceMs: parts.now() };
        parts.changed();
      },
      endVehicle() {
        vehicle = null;
        parts.changed();
      },
    },
  };
}
