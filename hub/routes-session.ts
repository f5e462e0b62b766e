// Routes of signing in and out. Called by http.ts.
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import * as z from 'zod/mini';
import { signInRequest } from '../src/contracts/clinic.ts';
import { contractVersion } from '../src/contracts/kit.ts';
import { cookieName, limits, sessionOf, setPassword, signOut } from './auth.ts';
import { type HubDeps, ownOrigin, staffFor } from './http.ts';
import { parsedBody } from './http-body.ts';
import { operationsOf } from './roles.ts';
import type { Staff } from './staff.ts';

export const passwordRequest = z.object({
  present: z.nullable(z.string().check(z.maxLength(256))),
  fresh: z.string().check(z.minLength(1), z.maxLength(256)),
});

export function sessionRoutes(app: Hono, deps: HubDeps): void {
  const answer = (staff: Staff | null, maySetPassword = false) => ({
    contract: contractVersion,
    hubNowMs: deps.clock.nowMs(),
    staff: staff === null ? null : { ...staff, maySetPassword, may: operationsOf(staff.role) },
  });
  const cookie = (c: Context) => {
    const secure = deps.secure || c.req.header('origin')?.startsWith('https:') === true;
    return { httpOnly: true, sameSite: 'Strict', path: '/', secure } as const;
  };

  app.post('/hub/session', async (c) => {
    ownOrigin(c, deps);
    const { name, password } = await parsedBody(c, signInRequest);
    const { token, staff, maySetPassword } = await deps.signIn(name, password, addressOf(c), deps.clock.nowMs());
    setCookie(c, cookieName, token, { ...cookie(c), maxAge: limits.sessionMs / 1_000 });
    return c.json(answer(staff, maySetPassword));
  });

  app.get('/hub/session', async (c) => {
    const session = await sessionOf(deps.pool, getCookie(c, cookieName), deps.clock.nowMs());
    return c.json(answer(session?.staff ?? null, session?.maySetPassword));
  });

  app.delete('/hub/session', async (c) => {
    await signOut(deps.pool, await staffFor(c, deps, null));
    deleteCookie(c, cookieName, cookie(c));
    return c.json(answer(null));
  });

  app.post('/hub/session/password', async (c) => {
    const session = await staffFor(c, deps, null);
    const { present, fresh } = await parsedBody(c, passwordRequest);
    await setPassword(deps, session, present, fresh);
    return c.json(answer(session.staff));
  });
}

function addressOf(c: Context): string {
  return getConnInfo(c).remote.address ?? 'unknown';
}
