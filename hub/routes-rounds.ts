// Routes of rounds: places at a glance, one sheet, who is missing. What is done in a round comes by POST /hub/entries. Called by http.ts.
import type { Hono } from 'hono';
import * as z from 'zod/mini';
import { contractVersion, day, name } from '../src/contracts/kit.ts';
import { limits, roundScope, roundWindow, type SheetAnswer } from '../src/contracts/rounds.ts';
import { campusDay } from '../src/domain/campus-day.ts';
import { type RoundScope, roundScopes } from '../src/domain/round.ts';
import { roundAt } from '../src/domain/round-window.ts';
import { type HubDeps, staffFor } from './http.ts';
import { detailsOf } from './http-body.ts';
import { policyNow } from './policy.ts';
import { Refusal } from './refusal.ts';
import type { RoundOf } from './round-campus.ts';
import { isMyPlace, missingOf, roundsOf } from './round-overview.ts';
import { isAskable } from './round-people.ts';

const asked = z.object({
  day: z.optional(day),
  window: z.optional(roundWindow),
  scope: z.optional(roundScope),
  building: z.optional(name),
  class: z.optional(name),
  from: z.optional(z.string().check(z.regex(/^\d{1,6}$/))),
  since: z.optional(z.string().check(z.maxLength(64))),
});
type Asked = z.infer<typeof asked>;

export function roundRoutes(app: Hono, deps: HubDeps): void {
  /** The round that is asked for; what is not said is the one that runs. */
  async function roundOf(query: Asked, scope: RoundScope): Promise<RoundOf> {
    const nowMs = deps.clock.nowMs();
    const { policy } = await policyNow(deps.pool);
    const now = roundAt(nowMs, scope === 'class' ? ['morning'] : ['early', 'late'], policy);
    const roundDay = query.day ?? now.roundDay;
    const window = query.window ?? now.window;
    if (!isAskable(roundDay, campusDay(nowMs)) || (window === 'morning') !== (scope === 'class'))
      throw new Refusal(400, 'body-unreadable', ['day', 'window']);
    return { roundDay, window, scope };
  }

  app.get('/hub/rounds', async (c) => {
    const { staff } = await staffFor(c, deps, 'rounds.read');
    const query = queryOf(c.req.query());
    const of = await roundOf(query, query.scope ?? roundScopes[0]);
    return c.json(roundsOf(await deps.campusRounds.roundOn(of), staff, of, deps.clock.nowMs()));
  });

  app.get('/hub/rounds/sheet', async (c) => {
    const { staff } = await staffFor(c, deps, 'rounds.read');
    const query = queryOf(c.req.query());
    const place = query.class ?? query.building;
    if (place === undefined) throw new Refusal(400, 'body-unreadable', ['building']);
    const scope = query.class === undefined ? 'building' : 'class';
    if (!isMyPlace(staff, 'rounds.read', scope, place)) throw new Refusal(403, 'scope-missing');
    const of = await roundOf(query, scope);
    const { version, rows, ...sheet } = await deps.sheets.sheetOf({ ...of, place });
    const answer = { contract: contractVersion, hubNowMs: deps.clock.nowMs(), version };
    if (query.since === version) return c.json({ ...answer, sheet: null } satisfies SheetAnswer);
    const from = Number(query.from ?? 0);
    const next = from + limits.people < rows.length ? from + limits.people : null;
    await noteRead(staff.staffId, 'round', `${of.roundDay} ${of.window} ${scope} ${place}`);
    const people = rows.slice(from, from + limits.people);
    return c.json({ ...answer, sheet: { ...sheet, people, next } } satisfies SheetAnswer);
  });

  app.get('/hub/rounds/missing', async (c) => {
    const { staff } = await staffFor(c, deps, 'rounds.missing');
    const query = queryOf(c.req.query());
    const of = await roundOf(query, query.scope ?? roundScopes[0]);
    await noteRead(staff.staffId, 'round-missing', `${of.roundDay} ${of.window} ${of.scope}`);
    return c.json(missingOf(await deps.campusRounds.roundOn(of), staff, of, deps.clock.nowMs()));
  });

  /** Once a minute is enough to know who looked: pages poll. */
  async function noteRead(staffId: string, what: string, target: string): Promise<void> {
    await deps.pool.query(
      'insert into reads (staff_id, at_ms, what, target) values ($1, $2, $3, $4) on conflict do nothing',
      [staffId, Math.floor(deps.clock.nowMs() / 60_000) * 60_000, what, target.slice(0, 200)],
    );
  }
}

function queryOf(query: Record<string, string>): Asked {
  const read = asked.safeParse(query);
  if (!read.success) throw new Refusal(400, 'body-unreadable', detailsOf(read.error.issues));
  if (read.data.day !== undefined && !isInCalendar(read.data.day)) throw new Refusal(400, 'body-unreadable', ['day']);
  return read.data;
}

function isInCalendar(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}
