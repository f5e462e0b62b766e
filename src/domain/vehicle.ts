// A vehicle with several people in it: everybody passes by themselves, the barrier moves once, after the last. Pure; called by
// the gate's controller.
import type { Verdict } from './verdict.ts';

export const limits = { seatsMin: 2, seatsMax: 9 } as const;

export type Occupant = {
  passageId: string;
  /** `stopped` stays so: who was referred, denied or has left keeps the vehicle shut. */
  state: 'measuring' | 'admitted' | 'stopped';
  /** entryId of the admitting check, null before. */
  entryId: string | null;
};

export type Vehicle = { readonly vehicleId: string; readonly seats: number; readonly occupants: readonly Occupant[] };

/** `measuring` until every seat is admitted (`open`) or somebody is stopped (`shut`). */
export type VehicleState = 'measuring' | 'open' | 'shut';

/** A vehicle at the gate with nobody measured yet; `seats` is held within its limits. */
export function createVehicle(vehicleId: string, seats: number): Vehicle {
  return { vehicleId, seats: Math.min(limits.seatsMax, Math.max(limits.seatsMin, Math.trunc(seats))), occupants: [] };
}

export function vehicleState({ seats, occupants }: Vehicle): VehicleState {
  if (occupants.some(({ state }) => state === 'stopped')) return 'shut';
  return occupants.filter(({ state }) => state === 'admitted').length === seats ? 'open' : 'measuring';
}

/** Whether this passage belongs to the vehicle: it did before, or there is a seat for it. */
export function hasSeat({ seats, occupants }: Vehicle, passageId: string): boolean {
  return occupants.some((one) => one.passageId === passageId) || occupants.length < seats;
}

/** A verdict of one occupant. A passage without a seat changes nothing; `stopped` is never taken back. */
export function takeVerdict(vehicle: Vehicle, passageId: string, verdict: Verdict, entryId: string): Vehicle {
  if (!hasSeat(vehicle, passageId)) return vehicle;
  const known = vehicle.occupants.find((one) => one.passageId === passageId);
  if (known?.state === 'stopped') return vehicle;
  const state = verdict === 'admit' ? 'admitted' : verdict === 'refer' || verdict === 'deny' ? 'stopped' : 'measuring';
  const next: Occupant = { passageId, state, entryId: state === 'admitted' ? entryId : null };
  return { ...vehicle, occupants: [...vehicle.occupants.filter((one) => one.passageId !== passageId), next] };
}

/** Who left before the end is no occupant any more; who was stopped stays, since the vehicle does. */
export function takeLeft(vehicle: Vehicle, passageId: string): Vehicle {
  const stays = (one: Occupant) => one.passageId !== passageId || one.state === 'stopped';
  return { ...vehicle, occupants: vehicle.occupants.filter(stays) };
}
