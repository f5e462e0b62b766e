// How instants, temperatures and people stand on the rounds page; instants by the campus's clock. Called by the components.
import { campusOffsetMs } from '../domain/campus-day.ts';
import type { RoundRecord, RoundScope } from '../domain/round.ts';
import { roundsTexts } from '../i18n/rounds.ts';
import type { Bed } from './round-book.ts';
import { absenceWord } from './words.ts';

const { t } = roundsTexts;

/** '07:12' */
export function clockText(atMs: number): string {
  return new Date(atMs + campusOffsetMs).toISOString().slice(11, 16);
}

/** '2026-11-24 07:12' */
export function dayText(atMs: number): string {
  return new Date(atMs + campusOffsetMs).toISOString().slice(0, 16).replace('T', ' ');
}

/** 364 tenths as '36.4'. */
export function degrees(tenths: number): string {
  return `${Math.floor(tenths / 10)}.${tenths % 10}`;
}

/** What is typed, as it will read: '3', '36', '36.4'; a slip of four digits stays visible. */
export function typedText(typed: string): string {
  return typed.length < 3 ? typed : `${typed.slice(0, 2)}.${typed.slice(2)}`;
}

/** '402-3'; in a class, whose members live anywhere, the number of the person. */
export function bedPlace({ row, scope }: Pick<Bed, 'row' | 'scope'>): string {
  if (scope === 'class') return row.personId;
  return row.bed === null ? row.room : `${row.room}-${row.bed}`;
}

export function whoText(bed: Pick<Bed, 'row' | 'scope'>): string {
  return `${bedPlace(bed)} ${bed.row.name}`;
}

/** What one record says: the value, the symptoms, or the reason of an absence. */
export function whatText(record: RoundRecord, scope: RoundScope): string {
  if (record.is === 'absence') return absenceWord(scope, record.reason);
  const symptoms = record.symptoms.map((one) => t(`symptom-${one}`));
  return [...(record.tenths === null ? [] : [valueText(record.tenths, record.byHand)]), ...symptoms].join(' ');
}

/** A value says when it came from the tablet's thermometer; one by contact counts as by hand, whichever way it came. */
function valueText(tenths: number, byHand: boolean): string {
  return byHand ? degrees(tenths) : t('by-device', { value: degrees(tenths) });
}

/** How the bed stands, in a few characters; empty while it is missing. */
export function standingText(bed: Bed): string {
  const { state, scope } = bed;
  if (state.absence !== null) return absenceWord(scope, state.absence);
  if (state.tenths !== null) return degrees(state.tenths);
  return state.symptoms.map((one) => t(`symptom-${one}`)).join(' ');
}
