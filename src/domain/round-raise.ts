// Whether what was entered in a round raises a case, and why. Called by the rounds page (what the screen says at once) and by the hub.
import type { Policy } from './policy.ts';
import type { Tenths } from './reading.ts';
import type { RoundSymptom } from './round.ts';
import { valueClass } from './round-value.ts';

export type RaiseReason = 'urgent' | 'fever' | 'unmeasurable' | 'symptoms';

/** `lowsByHand`: low values by hand of this person in this round that were entered before this one and not taken back. */
export function raiseOf(
  mark: { tenths: Tenths | null; byHand: boolean; symptoms: readonly RoundSymptom[] },
  lowsByHand: number,
  policy: Policy,
): RaiseReason | null {
  const value = mark.tenths === null ? 'invalid' : valueClass(mark.tenths, policy);
  if (value === 'abnormal') return (mark.tenths ?? 0) >= policy.urgentTenths ? 'urgent' : 'fever';
  if (value === 'low' && mark.byHand && lowsByHand > 0) return 'unmeasurable';
  return mark.symptoms.length > 0 ? 'symptoms' : null;
}
