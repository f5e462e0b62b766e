// The signing key of a station that has no bridge (a tablet, a clinic PC): made by WebCrypto, never exportable, kept in the page's
// store; and the enrolment by pairing code that puts it on record. Called by pages that are stations by themselves.
import { type EnrolAnswer, enrolAnswer, signatureHeader } from '../contracts/evidence.ts';
import { contractVersion } from '../contracts/kit.ts';
import { errorAnswer } from '../contracts/upload.ts';
import { base64Of } from '../domain/base64.ts';
import { batchEnd, batchText, possessionText } from '../domain/evidence.ts';
import { utf8Of } from '../domain/utf8.ts';
import type { Clocks } from './timers.ts';

export const limits = { requestMs: 15_000 } as const;

/** `publicKey` is base64 of its 32 bytes. */
export type PageKey = { privateKey: CryptoKey; publicKey: string };

/** Throws a NotSupportedError in a browser without Ed25519 (Chromium before 137). */
export async function makePageKey(): Promise<PageKey> {
  const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return { privateKey: pair.privateKey, publicKey: base64Of(raw) };
}

async function signed(key: PageKey, text: string): Promise<string> {
  const made = await crypto.subtle.sign('Ed25519', key.privateKey, bytesOf(text));
  return base64Of(new Uint8Array(made));
}

/** WebCrypto takes bytes over an ArrayBuffer alone. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(utf8Of(text));
}

export type Enrolled =
  | { ok: true; station: EnrolAnswer['station']; token: string }
  | { ok: false; why: 'away' | { zh: string; en: string } };

/** Redeems a pairing code of ten digits. The same key may ask again after a lost answer. */
export async function enrolPage(send: typeof fetch, clocks: Clocks, key: PageKey, code: string): Promise<Enrolled> {
  const proof = await signed(key, possessionText('enrol', code, key.publicKey));
  const stop = new AbortController();
  const cancel = clocks.after(limits.requestMs, () => stop.abort());
  try {
    const response = await send('/hub/station/enrol', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ contract: contractVersion, code, place: null, publicKey: key.publicKey, proof }),
      redirect: 'error',
      cache: 'no-store',
      signal: stop.signal,
    });
    const body: unknown = await response.json();
    const answer = enrolAnswer.safeParse(body);
    if (response.ok && answer.success) return { ok: true, station: answer.data.station, token: answer.data.token };
    const refused = errorAnswer.safeParse(body);
    return { ok: false, why: refused.success ? refused.data.error : 'away' };
  } catch {
    // Not reached, cut off or not JSON: all the same to who waits, and asked again by hand.
    return { ok: false, why: 'away' };
  } finally {
    cancel();
  }
}

/**
 * The uploader's network for such a station: adds its token, and its signature over a batch. The page itself holds what it
 * uploads, so the signature says `held`. `credentials`: a bridge that serves the page hears only who shows its cookie, and hands it on to nobody.
 */
export function signingFetch(
  send: typeof fetch,
  station: { stationId: string; token: string; key: PageKey },
  credentials: RequestCredentials = 'omit',
): typeof fetch {
  const { stationId, token, key } = station;
  return async (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    const batch = batchOf(init.body);
    if (batch !== null) {
      const { writerId: writer, epoch, entries } = batch;
      const end = batchEnd(writer, entries);
      const text = batchText({ station: stationId, epoch, writer, end, holding: 'held' });
      headers.set(signatureHeader, `v1 ${key.publicKey} held ${await signed(key, text)}`);
    }
    // The session of who is signed in has no part in what the station says.
    return send(input, { ...init, headers, credentials });
  };
}

function batchOf(body: unknown): { writerId: string; epoch: string | null; entries: unknown[] } | null {
  if (typeof body !== 'string') return null;
  const value: unknown = JSON.parse(body);
  if (typeof value !== 'object' || value === null || !('writerId' in value) || !('entries' in value)) return null;
  const { writerId, entries } = value;
  const epoch = 'epoch' in value && typeof value.epoch === 'string' ? value.epoch : null;
  return typeof writerId === 'string' && Array.isArray(entries) ? { writerId, epoch, entries } : null;
}
