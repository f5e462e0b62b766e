// The settings page's API on the bridge: own host and origin, the page's cookie, then a session by PIN; every route is checked
// here and nowhere else. Called by http for all paths below /settings/api/.
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { contractVersion } from '../src/contracts/kit.ts';
import { settingsSignIn, limits as wire } from '../src/contracts/settings.ts';
import type { Clock } from './clock.ts';
import type { Guards } from './guards.ts';
import { sendError } from './http-answer.ts';
import type { Doors } from './http-doors.ts';
import type { Log } from './log.ts';
import type { SettingsAnswer, SettingsRoute } from './settings-route.ts';
import { createSettingsSessions, type SettingsSessions } from './settings-session.ts';
import { texts } from './texts.ts';
import { settingsTexts } from './texts-settings.ts';

export const settingsApi = '/settings/api/';
const sessionPath = `${settingsApi}session`;

export type SettingsHttp = {
  /** Answers one request below /settings/api/; the host is checked already. */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
  /** Whether anybody is signed in: only then are taps kept for learning. */
  isOpen(): boolean;
};

export type SettingsHttpParts = {
  doors: Doors;
  guards: Guards;
  clock: Clock;
  log: Log;
  station: { name: string; code: string; campus: string };
  routes: readonly SettingsRoute[];
  /** Somebody signed in where nobody was: what was seen before is not theirs. */
  onOpened: () => void;
};

export function createSettingsHttp(parts: SettingsHttpParts): SettingsHttp {
  const { guards, log } = parts;
  const sessions = createSettingsSessions({
    clock: parts.clock,
    randomBytes,
    isKnown: (staffId) => guards.list().some((guard) => guard.staffId === staffId),
  });
  const handle: SettingsHttp['handle'] = async (request, response, url) => {
    if (!mayKnock(parts.doors, request)) return sendError(response, 403, 'forbidden', texts.forbidden());
    const { method = '' } = request;
    if (url.pathname === sessionPath) return session(parts, sessions, request, response);
    const atPath = parts.routes.filter(({ path }) => path === url.pathname);
    if (atPath.length === 0) return sendError(response, 404, 'not-found', texts.notFound());
    const route = atPath.find((one) => one.method === method);
    if (route === undefined) return sendError(response, 405, 'wrong-method', texts.wrongMethod());
    const open = sessions.of(request.headers, route.renews);
    if (open === null) return sendError(response, 401, 'sign-in-first', settingsTexts.signInFirst());
    let body: unknown = null;
    if (route.shape !== null) {
      const read = await bodyOf(request, response);
      if (read === undefined) return;
      const parsed = route.shape.safeParse(read);
      if (!parsed.success) return sendError(response, 400, 'wrong-body', settingsTexts.wrongBody());
      body = parsed.data;
    }
    send(response, await route.answer({ by: open.guard, leftMs: open.leftMs, body, query: url.searchParams }));
  };
  return {
    isOpen: sessions.any,
    handle: (request, response, url) =>
      handle(request, response, url).catch((error: unknown) => {
        log.error({ event: 'settings-failed', reason: error instanceof Error ? error.name : 'unknown' });
        if (response.headersSent) response.destroy();
        else sendError(response, 500, 'failed', settingsTexts.failed());
      }),
  };
}

/** As for /hub/*: browsers send no Origin with a same-origin GET; every other method must name it. */
function mayKnock(doors: Doors, { headers, method }: IncomingMessage): boolean {
  const origin = doors.hasOwnOrigin(headers) || (method === 'GET' && headers.origin === undefined);
  return origin && !doors.isCrossSite(headers) && doors.hasCookie(headers);
}

async function session(
  { guards, station, log, onOpened }: SettingsHttpParts,
  sessions: SettingsSessions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, headers } = request;
  if (method === 'GET') {
    const open = sessions.of(headers, true);
    return sendJson(response, 200, {
      contract: contractVersion,
      station,
      guards: guards.list(),
      signedIn: open?.guard ?? null,
      leftMs: open?.leftMs ?? 0,
    });
  }
  if (method === 'DELETE') {
    response.setHeader('Set-Cookie', sessions.close(headers));
    return sendJson(response, 200, {});
  }
  if (method !== 'POST') return sendError(response, 405, 'wrong-method', texts.wrongMethod());
  const read = await bodyOf(request, response);
  if (read === undefined) return;
  const parsed = settingsSignIn.safeParse(read);
  if (!parsed.success) return sendError(response, 400, 'wrong-body', settingsTexts.wrongBody());
  const answer = await guards.prove(parsed.data.staffId, parsed.data.pin);
  if (answer.signedIn !== null) {
    if (!sessions.any()) onOpened();
    response.setHeader('Set-Cookie', sessions.open(answer.signedIn));
    log.info({ event: 'settings-opened' });
  }
  sendJson(response, 200, answer);
}

/** The JSON of a body; undefined after a refusal was sent. */
async function bodyOf(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  // A form of another site cannot send this type without being asked first: one more lock beside Origin.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    sendError(response, 400, 'wrong-type', settingsTexts.wrongType());
    return undefined;
  }
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part as Uint8Array);
    size += bytes.length;
    if (size > wire.bodyBytes) {
      sendError(response, 413, 'too-large', settingsTexts.tooLarge(), { Connection: 'close' });
      return undefined;
    }
    parts.push(bytes);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    sendError(response, 400, 'wrong-body', settingsTexts.wrongBody());
    return undefined;
  }
}

function send(response: ServerResponse, answer: SettingsAnswer): void {
  if ('code' in answer) sendError(response, answer.status, answer.code, answer.sentence);
  else sendJson(response, answer.status, answer.body);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}
