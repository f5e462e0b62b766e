// What a check tells of its person's measurement to whoever measures them next: the other gates (hub/tries.ts), and the same gate
// after a new start (src/gate/read-back.ts). Its other end is passage-tries.
import type { CheckBody, StoredReading } from './entry.ts';

type Measured = { method: string; site: StoredReading['site'] };
export type TriedCheck = Pick<CheckBody, 'personId' | 'tries'> & {
  verdict: string;
  reason: string;
  readings: readonly Measured[];
  ended?: Measured | undefined;
};
/** `last`: what an unfinished measurement came to; null when it is finished. */
export type Told = {
  personId: string;
  tries: number;
  last: { reason: string; byContact: boolean; site: StoredReading['site'] | null } | null;
};

/** Null when the check tells of no measurement that began before it or goes on behind it, or of nobody who is known. */
export function triedIn({ personId, tries, verdict, reason, readings, ended }: TriedCheck): Told | null {
  if (personId === null) return null;
  const reading = readings.at(-1) ?? ended ?? null;
  const byContact = reading?.method === 'contact';
  const told = { personId, tries };
  if (verdict === 'again') return { ...told, last: { reason, byContact, site: reading?.site ?? null } };
  // The first infrared value that admits ends what nobody has heard of.
  const isFirst = tries <= (byContact ? 0 : 1);
  return verdict === 'admit' && !isFirst ? { ...told, last: null } : null;
}
