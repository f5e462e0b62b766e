// Forwards the calls of the rounds page that this bridge serves, as they come: the tablet's own token and signature, and the hub's session
// of who is signed in. The bridge lends its way to the hub and says nothing itself. Called by http where the configuration has `rounds`.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { signatureHeader } from '../src/contracts/evidence.ts';
import { sendError } from './http-answer.ts';
import { askFor, bodyOf, type Forwarder, passUp, picked, stream } from './http-forward.ts';
import type { HubClient } from './http-hub.ts';
import type { Log } from './log.ts';
import { texts } from './texts.ts';

/** The hub's session cookie; no other cookie passes, in either direction. */
export const sessionCookie = 'mengang_hub';

type Method = 'GET' | 'POST' | 'DELETE';
/** `station`: what the tablet says as a station, by its own token and without the session. */
type Call = { path: RegExp; methods: readonly Method[]; as: 'staff' | 'station' | 'nobody' };

const calls: readonly Call[] = [
  { path: /^\/hub\/session$/, methods: ['GET', 'POST', 'DELETE'], as: 'staff' },
  { path: /^\/hub\/session\/password$/, methods: ['POST'], as: 'staff' },
  { path: /^\/hub\/rounds(\/sheet)?$/, methods: ['GET'], as: 'staff' },
  { path: /^\/hub\/notices$/, methods: ['GET'], as: 'staff' },
  { path: /^\/hub\/notices\/[\w%.~-]{1,200}\/read$/, methods: ['POST'], as: 'staff' },
  { path: /^\/hub\/station\/enrol$/, methods: ['POST'], as: 'nobody' },
  { path: /^\/hub\/station$/, methods: ['GET'], as: 'station' },
  { path: /^\/hub\/entries$/, methods: ['POST'], as: 'station' },
];

/** Null for what is not the rounds page's: a call as a station without a token of its own is the gate page's. */
function callOf(request: IncomingMessage, url: URL): Call | null {
  const call = calls.find((one) => one.path.test(url.pathname) && one.methods.some((name) => name === request.method));
  if (call === undefined) return null;
  return call.as === 'station' && request.headers.authorization === undefined ? null : call;
}

export type TabletForwarder = {
  /** Whether this call is the rounds page's; only then may it be handed to `forward`. */
  isMine(request: IncomingMessage, url: URL): boolean;
  forward: Forwarder;
};

/** `hubOrigin`: what a page of the hub's own would send as its Origin; the bridge has looked at the page's before. */
export function createTabletForwarder(
  hub: Pick<HubClient, 'ask'>,
  hubOrigin: string,
  log: Log,
  onAnswer: (reached: boolean) => void,
): TabletForwarder {
  const forward = async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const call = callOf(request, url);
    const method = call?.methods.find((name) => name === request.method);
    if (call === null || method === undefined) return sendError(response, 404, 'not-found', texts.notFound());
    const body = method === 'GET' ? undefined : await bodyOf(request);
    if (body === null) return sendError(response, 413, 'too-large', texts.tooLarge(), { Connection: 'close' });
    const answer = await askFor(
      response,
      { hub, log, onAnswer },
      {
        method,
        path: url.pathname + url.search,
        authorization: call.as === 'station' ? (request.headers.authorization ?? null) : null,
        headers: {
          ...picked(request.headers, [...passUp, signatureHeader]),
          ...(method === 'GET' ? {} : { origin: hubOrigin }),
          ...(call.as === 'staff' ? sessionOf(request.headers) : {}),
        },
        ...(body === undefined ? {} : { body }),
      },
    );
    if (answer === null) return;
    const cookies = call.as === 'staff' ? given(answer.headers) : [];
    stream(answer, response, cookies.length === 0 ? {} : { 'set-cookie': cookies });
  };
  return { isMine: (request, url) => callOf(request, url) !== null, forward };
}

function sessionOf(headers: IncomingHttpHeaders): { cookie?: string } {
  const own = (headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${sessionCookie}=`));
  return own === undefined ? {} : { cookie: own };
}

/** This page speaks plain HTTP to its own machine, whatever the hub speaks: `Secure` is the hub's to ask of a page of its own. */
function given(headers: IncomingHttpHeaders): string[] {
  return (headers['set-cookie'] ?? [])
    .filter((cookie) => cookie.startsWith(`${sessionCookie}=`))
    .map((cookie) => cookie.replace(/;\s*Secure(?=;|$)/i, ''));
}
