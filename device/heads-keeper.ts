// Keeps the hub's signed heads in the state folder: each is checked against the key that was seen first and against the head
// before it, so that a hub which rewrites its log is found out by its stations. Called by bridge.
import { createPublicKey, verify } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { type HeadsAnswer, headsAnswer } from '../src/contracts/evidence.ts';
import { backoffMs } from '../src/domain/backoff.ts';
import { isBeginning } from '../src/domain/merkle.ts';
import { hexOf } from '../src/domain/sha256.ts';
import { type Checkpoint, checkpointOf, keyOf, partsOfNote } from '../src/domain/signed-note.ts';
import type { Clock, Timer } from './clock.ts';
import type { HubClient } from './http-hub.ts';
import type { Log } from './log.ts';
import { readState, writeState } from './state-file.ts';
import { spoken, texts } from './texts.ts';

export const limits = { everyMs: 3_600_000, retry: { baseMs: 5_000, maxMs: 600_000 } } as const;

/** The last head that was good: its key is pinned for its log, its tree must be the beginning of the next. */
const keptState = z.object({ log: z.string(), vkey: z.string(), size: z.number(), root: z.string() });
type Kept = z.infer<typeof keptState>;
type Head = NonNullable<HeadsAnswer['head']>;

export type HeadsKeeper = { start(): void; stop(): void };
export type HeadsKeeperParts = {
  stateDir: string;
  hub: Pick<HubClient, 'askWhole'>;
  clock: Clock;
  wallMs: () => number;
  random: () => number;
  log: Log;
};

export async function createHeadsKeeper(parts: HeadsKeeperParts): Promise<HeadsKeeper> {
  const lastPath = join(parts.stateDir, 'last-head.json');
  const stored = keptState.safeParse(await readState(lastPath));
  let kept: Kept | null = stored.success ? stored.data : null;
  let timer: Timer | null = null;
  let failures = 0;
  let isStopped = false;

  const fetchOnce = async (): Promise<void> => {
    const query = kept === null ? '' : `?log=${encodeURIComponent(kept.log)}&size=${kept.size}`;
    const answer = await parts.hub.askWhole({ method: 'GET', path: `/hub/heads${query}` });
    if (answer.status !== 200) throw new Error(`status ${answer.status}`);
    const { head, proof } = headsAnswer.parse(JSON.parse(answer.body.toString('utf8')));
    if (head === null) return;
    const read = checkpointIn(head);
    if (kept !== null && read !== null && isSameHead(kept, head, read)) return;
    const trouble = read === null ? 'signature' : troubleOf(kept, head, read, proof);
    await keep(head, trouble);
    if (trouble !== null || read === null) {
      parts.log.error({ event: 'head-contradicts', reason: trouble ?? 'signature' }, spoken(texts.headContradicts()));
      return;
    }
    kept = { log: head.log, vkey: head.vkey, size: read.size, root: hexOf(read.root) };
    await writeState(lastPath, kept);
  };

  /** Every head that came, good or not, stays: it is what an auditor asks for. */
  const keep = async (head: Head, trouble: string | null): Promise<void> => {
    const file = await open(join(parts.stateDir, 'heads.jsonl'), 'a', 0o600);
    try {
      await file.writeFile(`${JSON.stringify({ kind: 'seen', seenMs: parts.wallMs(), trouble, ...head })}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  };

  const round = async (): Promise<void> => {
    timer = null;
    try {
      await fetchOnce();
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures === 1) parts.log.warn({ event: 'heads-not-fetched', reason: reasonOf(error) });
    }
    if (isStopped) return;
    const waitMs = failures === 0 ? limits.everyMs : backoffMs(failures - 1, parts.random, 1_000, limits.retry);
    timer = parts.clock.setTimer(() => void round(), waitMs);
  };

  return {
    start: () => void round(),
    stop: () => {
      isStopped = true;
      if (timer !== null) parts.clock.clearTimer(timer);
    },
  };
}

/** The checkpoint of a head whose signature by its own key holds; null otherwise. */
function checkpointIn(head: Head): Checkpoint | null {
  const key = keyOf(head.vkey);
  const note = partsOfNote(head.note);
  if (key === null || note === null) return null;
  const own = note.signatures.find(
    ({ name, blob }) => name === key.name && hexOf(blob.subarray(0, 4)) === hexOf(key.id),
  );
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key.publicKey).toString('base64url') };
  const isSigned =
    own !== undefined &&
    verify(null, Buffer.from(note.text, 'utf8'), createPublicKey({ key: jwk, format: 'jwk' }), own.blob.subarray(4));
  const checkpoint = checkpointOf(note.text);
  return isSigned && checkpoint?.origin === key.name ? checkpoint : null;
}

function isSameHead(kept: Kept, head: Head, read: Checkpoint): boolean {
  return kept.log === head.log && kept.vkey === head.vkey && kept.size === read.size && kept.root === hexOf(read.root);
}

/** Another key, a smaller tree or one that does not begin with the kept one; another log is a new epoch and begins anew. */
function troubleOf(kept: Kept | null, head: Head, read: Checkpoint, proof: HeadsAnswer['proof']): string | null {
  if (kept === null || kept.log !== head.log) return null;
  if (kept.vkey !== head.vkey) return 'key';
  if (kept.size === 0) return null;
  const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
  const old = { size: kept.size, root: bytes(kept.root) };
  return isBeginning(old, read, (proof ?? []).map(bytes)) ? null : 'history';
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error) return String(error.code);
  return error.name === 'Error' ? error.message : 'not this protocol';
}
