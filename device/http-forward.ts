// Forwards the page's calls to the hub: four calls and no other, without the page's cookies, signed as the station.
// Called by http.
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { BatchSigner } from './batch-signer.ts';
import { sendError } from './http-answer.ts';
import type { HubClient } from './http-hub.ts';
import type { Log } from './log.ts';
import { texts } from './texts.ts';

export const limits = {
  bodyBytes: 2 * 1_048_576,
  /** A feed beats every 10 s; three missed beats end it, so that the page makes a new one. */
  silenceMs: 30_000,
} as const;

const allowed: Record<string, 'GET' | 'POST'> = {
  '/hub/entries': 'POST',
  '/hub/downlink': 'GET',
  '/hub/feed': 'GET',
  '/hub/visitors': 'POST',
};
export const passUp: readonly string[] = [
  'accept',
  'content-type',
  'content-encoding',
  'last-event-id',
  'cache-control',
  'if-none-match',
];
/** Headers of the hub's answer that a page may see. */
export const passDown: readonly string[] = [
  'content-type',
  'content-encoding',
  'content-length',
  'cache-control',
  'retry-after',
  'etag',
  'vary',
];

export type Forwarder = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

export function createForwarder(
  hub: HubClient,
  signer: BatchSigner,
  log: Log,
  onAnswer: (reached: boolean) => void,
): Forwarder {
  return async (request, response, url) => {
    const method = Object.hasOwn(allowed, url.pathname) ? allowed[url.pathname] : undefined;
    if (method === undefined) return sendError(response, 404, 'not-found', texts.notFound());
    if (request.method !== method)
      return sendError(response, 405, 'wrong-method', texts.wrongMethod(), { Allow: method });
    const body = method === 'POST' ? await bodyOf(request) : undefined;
    if (body === null) {
      return sendError(response, 413, 'too-large', texts.tooLarge(), { Connection: 'close' });
    }
    const signing = body === undefined || url.pathname !== '/hub/entries' ? null : await signer.sign(body);
    if (signing?.kind === 'contradicts') {
      log.error({ event: 'journal-contradicts', code: 'E-56', seq: signing.seq });
      return sendError(response, 422, 'journal-contradicts', texts.journalContradicts());
    }
    if (signing?.kind === 'journal-away') {
      const sentence = signing.full ? texts.journalFull() : texts.journalAway();
      return sendError(response, signing.full ? 507 : 503, 'journal-away', sentence, { 'Retry-After': '5' });
    }
    const answer = await askFor(
      response,
      { hub, log, onAnswer },
      {
        method,
        path: url.pathname + url.search,
        headers: { ...picked(request.headers, passUp), ...(signing?.kind === 'signed' ? signing.headers : {}) },
        ...(body === undefined ? {} : { body }),
      },
    );
    if (answer !== null) stream(answer, response);
  };
}

/** The hub's answer for this page; null when the page has gone, or was told that the hub is away. */
export async function askFor(
  response: ServerResponse,
  { hub, log, onAnswer }: { hub: Pick<HubClient, 'ask'>; log: Log; onAnswer: (reached: boolean) => void },
  call: Omit<Parameters<HubClient['ask']>[0], 'signal'>,
): Promise<IncomingMessage | null> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  let answer: IncomingMessage;
  try {
    answer = await hub.ask({ ...call, signal: gone.signal });
  } catch (error) {
    if (gone.signal.aborted) return null;
    onAnswer(false);
    log.warn({ event: 'hub-away', reason: reasonOf(error) });
    sendError(response, 502, 'hub-away', texts.hubAway());
    return null;
  }
  onAnswer(true);
  return answer;
}

/** Hands each piece down as it comes; an answer that breaks off breaks the page's as well, never ends it as if whole. `more`: further headers. */
export function stream(answer: IncomingMessage, response: ServerResponse, more: OutgoingHttpHeaders = {}): void {
  response.writeHead(answer.statusCode ?? 502, { ...picked(answer.headers, passDown), ...more });
  response.flushHeaders();
  answer.setTimeout(limits.silenceMs, () => answer.destroy());
  response.once('close', () => answer.destroy());
  answer.on('error', () => response.destroy());
  answer.once('close', () => {
    if (!answer.complete) response.destroy();
  });
  answer.pipe(response);
}

/** The whole body, or null when it is larger than 2 MiB or does not come. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > limits.bodyBytes) return null;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue;
    size += part.length;
    if (size > limits.bodyBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

export function picked(headers: IncomingHttpHeaders, names: readonly string[]): OutgoingHttpHeaders {
  return Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error ? String(error.code) : error.message;
}
