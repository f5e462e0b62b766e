// One POST /hub/entries: what the answer means for the batch. Called by the uploader.
import { errorAnswer, type UploadRequest, uploadAnswer } from '../contracts/upload.ts';
import type { Clocks } from './timers.ts';

export const limits = { requestMs: 30_000, answerChars: 1_048_576 } as const;

export type Answer =
  /** entryId -> seq of every entry that the hub answered for. */
  | { kind: 'receipts'; epoch: string; watermark: number; offsetMs: number; receipts: ReadonlyMap<string, number> }
  | { kind: 'not-enrolled' }
  | { kind: 'too-large' }
  /** The hub itself (not a gateway) refused the batch or failed on it. */
  | { kind: 'refused'; retryAfterMs: number | null }
  | { kind: 'away'; slow: boolean; retryAfterMs: number | null };

/** Never throws for the network's or the hub's sake: whatever is not this protocol is `away` and settles nothing. */
export async function postEntries(send: typeof fetch, clocks: Clocks, request: UploadRequest): Promise<Answer> {
  const stop = new AbortController();
  let slow = false;
  const cancel = clocks.after(limits.requestMs, () => {
    slow = true;
    stop.abort();
  });
  try {
    const askedAtMs = clocks.wallMs();
    const response = await send('/hub/entries', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      redirect: 'error',
      cache: 'no-store',
      signal: stop.signal,
    });
    const text = await response.text();
    return meaningOf(response, text, Math.round((askedAtMs + clocks.wallMs()) / 2), clocks.wallMs());
  } catch {
    // Refused, cut off, redirected or timed out: fetch tells no more than that, and nothing was settled.
    return { kind: 'away', slow, retryAfterMs: null };
  } finally {
    cancel();
  }
}

function meaningOf(response: Response, text: string, midWallMs: number, wallMs: number): Answer {
  const { status } = response;
  const retryAfterMs = retryAfterOf(response.headers.get('retry-after'), wallMs);
  const body = text.length > limits.answerChars ? null : jsonOf(text);
  if (status === 200) {
    const answer = uploadAnswer.safeParse(body);
    if (!answer.success) return { kind: 'away', slow: false, retryAfterMs };
    const { epoch, watermark, hubNowMs, results } = answer.data;
    const receipts = new Map(results.map((result) => [result.entryId, result.seq]));
    return { kind: 'receipts', epoch, watermark, offsetMs: hubNowMs - midWallMs, receipts };
  }
  if (status === 401 || status === 403) return { kind: 'not-enrolled' };
  if (status === 413) return { kind: 'too-large' };
  // 429, 502, 503, 504 and 507 say something of the hub, not of this batch.
  const ofBatch = (status === 400 || status === 422 || status === 500) && errorAnswer.safeParse(body).success;
  return ofBatch ? { kind: 'refused', retryAfterMs } : { kind: 'away', slow: false, retryAfterMs };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A captive portal's page is no JSON: the schema refuses null like any other stranger.
    return null;
  }
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3) in milliseconds from now; null when absent or unreadable. */
export function retryAfterOf(header: string | null, wallMs: number): number | null {
  if (header === null) return null;
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - wallMs;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
