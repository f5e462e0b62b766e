// The hub's HTTP application: security headers, who is asking, all routes, and every refusal as an errorAnswer. Called by
// hub.ts.
import { type Context, Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Logger } from 'pino';
import { cookieName, type Session, type SignIn, sessionOf } from './auth.ts';
import { type Pool, sqlStateOf, troubleOf } from './database.ts';
import type { Feed } from './feed.ts';
import type { Hosts } from './hosts.ts';
import type { Clock, Ledger } from './ledger.ts';
import type { Metrics } from './metrics.ts';
import { openApiDocument } from './openapi.ts';
import { boards, type Page } from './pages.ts';
import { errorAnswerOf, Refusal } from './refusal.ts';
import { mayDo, mayDoFor, type Operation, type Target } from './roles.ts';
import type { CampusRounds } from './round-campus.ts';
import type { Sheets } from './round-sheets.ts';
import { adminRoutes } from './routes-admin.ts';
import { clinicRoutes } from './routes-clinic.ts';
import { enrolmentRoutes } from './routes-enrolment.ts';
import { gateDeskRoutes } from './routes-gate-desk.ts';
import { holdRoutes } from './routes-holds.ts';
import { noticeRoutes } from './routes-notices.ts';
import { officeRoutes } from './routes-office.ts';
import { peopleRoutes } from './routes-people.ts';
import { roundRoutes } from './routes-rounds.ts';
import { sessionRoutes } from './routes-session.ts';
import { stationRoutes } from './routes-station.ts';
import type { Permits } from './upload-permits.ts';

export type HubDeps = {
  pool: Pool;
  ledger: Ledger;
  feed: Feed;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  pages: ReadonlyMap<string, Page>;
  signIn: SignIn;
  sheets: Sheets;
  campusRounds: CampusRounds;
  secure: boolean;
  hosts: Hosts;
  permits: Permits;
};

const headers: Record<string, string> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
};

/** The whole application; no port is opened here. */
export function makeApp(deps: HubDeps): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
    if (deps.secure) c.res.headers.set('Strict-Transport-Security', 'max-age=31536000');
    if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store');
  });
  app.use(async (c, next) => {
    if (!deps.hosts.isOwn(c.req.header('host'))) throw new Refusal(421, 'host-foreign');
    await next();
  });
  stationRoutes(app, deps);
  sessionRoutes(app, deps);
  clinicRoutes(app, deps);
  officeRoutes(app, deps);
  roundRoutes(app, deps);
  noticeRoutes(app, deps);
  peopleRoutes(app, deps);
  gateDeskRoutes(app, deps);
  holdRoutes(app, deps);
  enrolmentRoutes(app, deps);
  adminRoutes(app, deps);
  app.get('/healthz', async (c) => {
    await deps.pool.query('select 1');
    return c.json({ ok: true });
  });
  app.get('/metrics', async (c) =>
    c.text(await deps.metrics.registry.metrics(), 200, { 'Content-Type': deps.metrics.registry.contentType }),
  );
  const openApi = openApiDocument();
  app.get('/hub/openapi.json', (c) => c.json(openApi));
  app.get('/', (c) => c.redirect('/clinic'));
  for (const board of boards) app.get(`${board}/`, (c) => c.redirect(board));
  app.get('*', (c) => {
    const page = deps.pages.get(c.req.path);
    if (page === undefined)
      throw boards.includes(c.req.path) ? new Refusal(503, 'page-missing') : new Refusal(404, 'not-found');
    const caching = page.immutable ? 'public, max-age=31536000, immutable' : 'no-cache';
    return c.body(page.body, 200, { 'Content-Type': page.type, 'Cache-Control': caching });
  });
  app.notFound((c) => c.json(errorAnswerOf('not-found'), 404));
  app.onError((error, c) => refuse(c, deps, error));
  return app;
}

function refuse(c: Context, deps: HubDeps, error: unknown): Response {
  const refusal = error instanceof Refusal ? error : refusalOf(error);
  // The path may name a case, never a person; bodies, cookies and tokens stay out of the log.
  if (refusal.status >= 500) {
    const reason = error instanceof Error && !(error instanceof Refusal) ? error.stack : refusal.code;
    deps.log.error({ method: c.req.method, path: c.req.path, code: refusal.code, reason }, 'refused');
  }
  deps.metrics.refused(refusal.code);
  if (refusal.retryAfterS !== null) c.header('Retry-After', String(refusal.retryAfterS));
  return c.json(errorAnswerOf(refusal.code, refusal.details), refusal.status);
}

function refusalOf(error: unknown): Refusal {
  // A NUL somewhere in the question: no text of the database can hold it.
  if (sqlStateOf(error) === '22021') return new Refusal(400, 'body-unreadable');
  switch (troubleOf(error)) {
    case 'disk-full':
      return new Refusal(507, 'disk-full', [], 30);
    case 'away':
      return new Refusal(503, 'database-away', [], 2);
    case null:
      return new Refusal(500, 'internal');
  }
}

/** The session behind this request; refuses without one (401), without the right (403), or from a foreign origin (403). */
export async function staffFor(c: Context, deps: HubDeps, operation: Operation | null): Promise<Session> {
  if (c.req.method !== 'GET') ownOrigin(c, deps);
  const session = await sessionOf(deps.pool, getCookie(c, cookieName), deps.clock.nowMs());
  if (session === null) throw new Refusal(401, 'not-signed-in');
  if (operation !== null && !mayDo(session.staff.role, operation)) throw new Refusal(403, 'role-missing', [operation]);
  return session;
}

/** The same for an act on `target`: refuses what lies outside of the scopes (403). */
export async function staffForTarget(
  c: Context,
  deps: HubDeps,
  operation: Operation,
  target: Target,
): Promise<Session> {
  const session = await staffFor(c, deps, operation);
  refuseUnlessFor(session, operation, target);
  return session;
}

/** Refuses (403) an act on `target` that lies outside of this session's scopes. */
export function refuseUnlessFor({ staff }: Session, operation: Operation, target: Target): void {
  if (!mayDoFor(staff, operation, target)) throw new Refusal(403, 'scope-missing');
}

/** A page of this hub sends its own origin; a missing one is refused too. */
export function ownOrigin(c: Context, deps: HubDeps): void {
  const host = c.req.header('host') ?? '';
  const origin = c.req.header('origin');
  // A proxy that speaks HTTPS for a name which the administrator gave hands on plain HTTP and that name.
  const schemes = deps.secure ? ['https'] : deps.hosts.isGiven(host) ? ['http', 'https'] : ['http'];
  if (!schemes.some((scheme) => origin === `${scheme}://${host}`)) throw new Refusal(403, 'origin-foreign');
}
