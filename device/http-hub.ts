// Requests to the hub with the station's token and, where one is configured, the pinned certificate. Called by the
// forwarders, the guards' list and the uploader of the bridge's own entries.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { HubHeard } from './hub-contact.ts';

export const limits = {
  /** Until the hub's headers are there. */
  answerMs: 15_000,
  sockets: 16,
  answerBytes: 4_194_304,
} as const;

export type HubRequest = {
  method: 'GET' | 'POST' | 'DELETE';
  /** '/hub/...' with its query. */
  path: string;
  headers?: OutgoingHttpHeaders;
  body?: Buffer;
  /** Instead of the station's own; null: none. */
  authorization?: string | null;
  signal?: AbortSignal;
};

export type HubClient = {
  /** Resolves with the hub's headers; the body streams. Rejects when the hub cannot be reached in 15 s. */
  ask(request: HubRequest): Promise<IncomingMessage>;
  /** The same, with the whole body (at most 4 MiB). */
  askWhole(request: HubRequest): Promise<{ status: number; body: Buffer; retryAfterMs: number | null }>;
  /** Drops every connection. */
  close(): void;
};

/** `token` null: a bridge that is about to enrol has none. `heard` is told of every answer's head. */
export function createHubClient(
  hubUrl: string,
  token: string | null,
  ca: string | null,
  heard?: (answer: HubHeard) => void,
): HubClient {
  const base = new URL(hubUrl);
  const secure = base.protocol === 'https:';
  const common = { keepAlive: true, maxSockets: limits.sockets };
  const agent = secure ? new HttpsAgent({ ...common, ...(ca === null ? {} : { ca }) }) : new HttpAgent(common);
  const prefix = base.pathname.replace(/\/+$/, '');

  const ownWord = token === null ? null : `Bearer ${token}`;

  const ask = (request: HubRequest): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const word = request.authorization === undefined ? ownWord : request.authorization;
      const headers = { ...request.headers, ...(word === null ? {} : { authorization: word }) };
      if (request.body !== undefined) Object.assign(headers, { 'content-length': request.body.length });
      const outgoing = (secure ? httpsRequest : httpRequest)({
        agent,
        protocol: base.protocol,
        hostname: base.hostname.replace(/^\[|\]$/g, ''),
        port: base.port === '' ? undefined : Number(base.port),
        method: request.method,
        path: `${prefix}${request.path}`,
        headers,
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      });
      const late = setTimeout(() => outgoing.destroy(new Error('no answer in time')), limits.answerMs);
      outgoing.once('response', (answer) => {
        clearTimeout(late);
        heard?.({
          status: answer.statusCode ?? 0,
          date: answer.headers.date,
          isOwn: request.authorization === undefined,
        });
        resolve(answer);
      });
      outgoing.on('error', (error) => {
        clearTimeout(late);
        reject(error);
      });
      outgoing.end(request.body);
    });

  return {
    ask,
    askWhole: async (request) => {
      const answer = await ask(request);
      answer.setTimeout(limits.answerMs, () => answer.destroy(new Error('no answer in time')));
      const parts: Buffer[] = [];
      let size = 0;
      for await (const part of answer) {
        if (!Buffer.isBuffer(part)) continue;
        size += part.length;
        if (size > limits.answerBytes) {
          answer.destroy();
          throw new Error('the answer is too large');
        }
        parts.push(part);
      }
      const seconds = Number(answer.headers['retry-after'] ?? Number.NaN);
      const retryAfterMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
      return { status: answer.statusCode ?? 0, body: Buffer.concat(parts), retryAfterMs };
    },
    close: () => agent.destroy(),
  };
}
