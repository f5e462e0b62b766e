// A nurse's step on a case: compare-and-set on its version, an entry that names who did it, the bar and the feeds, all in
// one transaction. Called by the route POST /hub/referrals/{caseId}/transition.
import type { Referral, TransitionRequest } from '../src/contracts/clinic.ts';
import type { EntryBody } from '../src/domain/entry.ts';
import { type Transition, transit } from '../src/domain/referral.ts';
import { tellBars } from './bars.ts';
import type { Tx } from './database.ts';
import { type Books, type Clock, type Ledger, toClinic, toStation } from './ledger.ts';
import { beginOrder } from './orders.ts';
import { policyNow } from './policy.ts';
import { oneCard } from './referrals.ts';
import { Refusal } from './refusal.ts';

export type Actor = { staffId: string; name: string };
type Done = { ok: boolean; referral: Referral };

/** `ok` false: somebody was faster; the card as it now stands comes with it. Refuses what the table does not allow. */
export async function takeStep(
  ledger: Ledger,
  clock: Clock,
  caseId: string,
  request: TransitionRequest,
  actor: Actor,
): Promise<Done> {
  return ledger.exclusive(async (tx, books) => {
    const locked = await tx.query('select 1 from referrals where case_id = $1 for update', [caseId]);
    const before = locked.rowCount === 0 ? null : await oneCard(tx, caseId);
    if (before === null) throw new Refusal(404, 'case-unknown');
    if (before.version !== request.version) return { ok: false, referral: before };
    const step = transit(before, request, (await policyNow(tx)).policy);
    if (!step.ok) throw new Refusal(422, step.reason);
    const nowMs = clock.nowMs();
    await write(tx, before, request, step, actor, nowMs);
    books.append(entryOf(before, request, step, actor));
    if (step.order !== null && before.person !== null) {
      await beginOrder(tx, books, nowMs, {
        ...step.order,
        personId: before.person.personId,
        caseId,
        reason: before.caseNo,
        actor,
      });
    }
    const referral = await oneCard(tx, caseId);
    if (referral === null) throw new Error('a case vanished inside its own transaction');
    tell(books, referral);
    const personId = await personOf(tx, caseId);
    if (personId !== null) await tellBars(tx, books, nowMs, [personId]);
    return { ok: true, referral };
  });
}

/** Also of somebody who is no longer on the roster: the gates may still hold the bar. */
async function personOf(tx: Tx, caseId: string): Promise<string | null> {
  const row = await tx.query<{ person_id: string | null }>('select person_id from referrals where case_id = $1', [
    caseId,
  ]);
  return row.rows[0]?.person_id ?? null;
}

async function write(
  tx: Tx,
  before: Referral,
  request: TransitionRequest,
  step: Extract<Transition, { ok: true }>,
  actor: Actor,
  nowMs: number,
): Promise<void> {
  const acknowledges = request.to === 'acknowledged';
  const reMeasured =
    request.to === 're-measured'
      ? {
          atMs: nowMs,
          centiCelsius: request.centiCelsius,
          site: request.site,
          symptoms: request.symptoms,
          listedRegion: request.listedRegion,
        }
      : before.reMeasured;
  await tx.query(
    `update referrals set version = version + 1, state = $2, bars = $3, disposition = $4, acknowledged_ms = $5,
       acknowledged_by = $6, how = $7, arrived_ms = $8, re_measured = $9, closed_ms = $10 where case_id = $1`,
    [
      before.caseId,
      step.next,
      step.bars,
      step.disposition,
      acknowledges ? nowMs : before.acknowledgedAtMs,
      acknowledges ? actor.name : before.acknowledgedBy,
      acknowledges ? request.how : before.how,
      request.to === 'arrived' ? nowMs : before.arrivedAtMs,
      reMeasured === null ? null : JSON.stringify(reMeasured),
      step.next === 'closed' ? nowMs : null,
    ],
  );
}

/** The entry holds ids and numbers, never a name. */
function entryOf(
  before: Referral,
  request: TransitionRequest,
  step: Extract<Transition, { ok: true }>,
  actor: Actor,
): EntryBody {
  return {
    kind: 'transition',
    caseId: before.caseId,
    from: before.state,
    to: step.next,
    version: before.version + 1,
    by: actor.staffId,
    detail: detailOf(request),
  };
}

function detailOf(request: TransitionRequest): Extract<EntryBody, { kind: 'transition' }>['detail'] {
  switch (request.to) {
    case 'acknowledged':
      return { how: request.how };
    case 'arrived':
      return {};
    case 're-measured':
      return {
        centiCelsius: request.centiCelsius,
        site: request.site,
        symptoms: request.symptoms.join(','),
        listedRegion: request.listedRegion,
      };
    case 'closed':
      return { disposition: request.disposition, days: request.days ?? null, note: request.note ?? null };
    default:
      return request satisfies never;
  }
}

function tell(books: Books, referral: Referral): void {
  books.tell(toClinic, { topic: 'referral', caseId: referral.caseId, version: referral.version, rings: false });
  books.tell(toStation(referral.station.id), {
    topic: 'case',
    caseId: referral.caseId,
    station: referral.station.id,
    state: referral.state,
    how: referral.how,
    by: referral.acknowledgedBy,
    disposition: referral.disposition,
    version: referral.version,
  });
}
