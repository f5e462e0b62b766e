// Whom the simulator may let pass: the seeded people with a card that its reader can play, read from the hub as a station
// reads them. Called by start.
import * as z from 'zod/mini';
import { downlinkAnswer } from '../../src/contracts/downlink.ts';
import { type SimulatedPerson, limits as shown } from '../../src/contracts/simulator.ts';

export const limits = { answerMs: 5_000, pages: 20 } as const;

const answers = z.object({ error: z.object({ zh: z.string(), en: z.string() }) });

/** People with an EM4100 card (ten hex digits), in roster order, at most 500; `barred` as the hub says now. */
export async function readPeople(hubUrl: string, stationToken: string, fetcher = fetch): Promise<SimulatedPerson[]> {
  const people: SimulatedPerson[] = [];
  let after: string | null = null;
  for (let page = 0; page < limits.pages && people.length < shown.people; page++) {
    const query: string = after === null ? '' : `&after=${encodeURIComponent(after)}`;
    const answer = await fetcher(`${hubUrl}/hub/downlink?rosterVersion=0${query}`, {
      headers: { authorization: `Bearer ${stationToken}` },
      signal: AbortSignal.timeout(limits.answerMs),
    });
    const body: unknown = await answer.json();
    if (!answer.ok) {
      const refusal = answers.safeParse(body);
      throw new Error(
        refusal.success ? `${refusal.data.error.zh} / ${refusal.data.error.en}` : `HTTP ${answer.status}`,
      );
    }
    const { roster, bars } = downlinkAnswer.parse(body);
    const barred = new Set(
      bars.filter((bar) => bar.caseId !== null || bar.order !== 'watch').map((bar) => bar.personId),
    );
    for (const { personId, name, category, unit, cards, gone } of roster.people) {
      const uid = cards.map((card) => /^uid:([0-9A-F]{10})$/.exec(card)?.[1]).find((found) => found !== undefined);
      if (uid === undefined || gone || people.length >= shown.people) continue;
      people.push({ personId, name, category, unit, uid, barred: barred.has(personId) });
    }
    after = roster.next;
    if (after === null) break;
  }
  return people;
}
