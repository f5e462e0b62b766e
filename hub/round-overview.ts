// Rounds at a glance: the places of somebody's scope with their figures, and everybody missing by unit and by place. Called by the routes
// of rounds.
import { contractVersion } from '../src/contracts/kit.ts';
import { limits, type MissingAnswer, type RoundsAnswer } from '../src/contracts/rounds.ts';
import type { RoundFigures, RoundKey, RoundScope, RoundWindow } from '../src/domain/round.ts';
import { figuresOf, percentDone } from '../src/domain/round-sheet.ts';
import { windowTimes } from '../src/domain/round-window.ts';
import { buildingOf } from '../src/domain/staff.ts';
import type { Db } from './database.ts';
import { policyNow } from './policy.ts';
import { type Doer, mayDoFor, type Operation, reachOf } from './roles.ts';
import { type Member, placesNow } from './round-people.ts';
import type { Sheet, Sheets } from './round-sheets.ts';

/** What a view of the whole campus may lag behind its gates; its marks it never lags behind. */
export const overviewLimits = { heldMs: 60_000 } as const;

export type RoundOf = { roundDay: string; window: RoundWindow; scope: RoundScope };

/** Whether the place itself, or somebody in it, is this person's to see. */
export function isMyPlace(doer: Doer, operation: Operation, scope: RoundScope, place: string): boolean {
  if (reachOf(doer.role, operation) === 'all') return mayDoFor(doer, operation, {});
  return mayDoFor(doer, operation, scope === 'class' ? { class: place } : { building: place });
}

/** The places of the scope, worst first: overdue ones, then the most missing. */
export async function roundsOf(db: Db, sheets: Sheets, doer: Doer, of: RoundOf, nowMs: number): Promise<RoundsAnswer> {
  const { policy } = await policyNow(db);
  const times = windowTimes(of.roundDay, of.window, policy);
  const names = (await placesNow(db, of.scope, await sheets.buildings())).filter((place) =>
    isMyPlace(doer, 'rounds.read', of.scope, place),
  );
  const places: RoundsAnswer['places'] = [];
  for (const place of names.slice(0, limits.places)) {
    const { figures, closings } = await sheets.sheetOf({ ...of, place }, overviewLimits.heldMs);
    const closing = closings[0] ?? null;
    places.push({
      place,
      figures,
      percent: percentDone(figures),
      closing,
      overdue: isOverdue(closing, figures, times.closesMs, nowMs),
    });
  }
  places.sort(
    (a, b) =>
      Number(b.overdue) - Number(a.overdue) || b.figures.missing - a.figures.missing || (a.place < b.place ? -1 : 1),
  );
  return { contract: contractVersion, hubNowMs: nowMs, ...of, ...times, places };
}

/** Missing people by unit, by place and by name: of everybody, or of who is this person's own. */
export async function missingOf(
  db: Db,
  sheets: Sheets,
  doer: Doer,
  of: RoundOf,
  nowMs: number,
): Promise<MissingAnswer> {
  const { policy } = await policyNow(db);
  const times = windowTimes(of.roundDay, of.window, policy);
  const names = await placesNow(db, of.scope, await sheets.buildings());
  const units = new Map<string, { name: string; expected: number; missing: number }>();
  const byPlace: MissingAnswer['byPlace'] = [];
  const people: MissingAnswer['people'] = [];
  const all: RoundFigures[] = [];
  for (const place of names.slice(0, limits.places)) {
    const key: RoundKey = { ...of, place };
    const sheet = await sheets.sheetOf(key, overviewLimits.heldMs);
    const mine = sheet.rows.filter(
      (row) => row.expected && isMine(doer, of.scope, place, sheet.members.get(row.personId)),
    );
    if (mine.length === 0) continue;
    const figures = figuresOf(mine.map((row) => row.state.class));
    all.push(figures);
    const closing = sheet.closings[0] ?? null;
    const overdue = isOverdue(closing, sheet.figures, times.closesMs, nowMs);
    byPlace.push({ name: place, expected: figures.expected, missing: figures.missing, closing, overdue });
    for (const row of mine) {
      const unit = units.get(row.unit) ?? { name: row.unit, expected: 0, missing: 0 };
      units.set(row.unit, unit);
      unit.expected++;
      if (row.state.class !== 'missing') continue;
      unit.missing++;
      people.push(missingRow(sheet, row, place));
    }
  }
  const worst = (a: { name: string; missing: number }, b: { name: string; missing: number }) =>
    b.missing - a.missing || (a.name < b.name ? -1 : 1);
  return {
    contract: contractVersion,
    hubNowMs: nowMs,
    ...of,
    ...times,
    figures: sumOf(all),
    byUnit: [...units.values()].sort(worst).slice(0, limits.places),
    byPlace: byPlace.sort((a, b) => Number(b.overdue) - Number(a.overdue) || worst(a, b)),
    people: people
      .sort((a, b) =>
        a.place === b.place ? a.room.localeCompare(b.room, 'en', { numeric: true }) : a.place < b.place ? -1 : 1,
      )
      .slice(0, limits.missing),
  };
}

function missingRow(sheet: Sheet, row: Sheet['rows'][number], place: string): MissingAnswer['people'][number] {
  const { personId, name, unit, contact, room, bed } = row;
  return { personId, name, unit, contact, place, room, bed, reason: sheet.missingReasons.get(personId) ?? null };
}

function isMine(doer: Doer, scope: RoundScope, place: string, member: Member | undefined): boolean {
  if (member === undefined) return false;
  const building = scope === 'building' ? place : buildingOf(member.roomText);
  return mayDoFor(doer, 'rounds.missing', {
    personId: member.personId,
    unit: member.unit,
    class: member.class === '' ? null : member.class,
    building,
  });
}

/** The window is over and nobody has closed it; of a place where nobody is expected nothing is due. */
function isOverdue(closing: unknown, figures: RoundFigures, closesMs: number, nowMs: number): boolean {
  return closing === null && nowMs > closesMs && figures.expected > 0;
}

function sumOf(all: readonly RoundFigures[]): RoundFigures {
  const sum = figuresOf([]);
  for (const one of all) for (const name of Object.keys(sum) as (keyof RoundFigures)[]) sum[name] += one[name];
  return sum;
}
