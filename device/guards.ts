// Guards of this station: the list from the hub (kept for the days without it), signing in by PIN, and the lock-out that
// survives a restart. Called by bridge.
import { join } from 'node:path';
import { verify } from '@node-rs/argon2';
import * as z from 'zod/mini';
import { cardKey } from '../src/contracts/downlink.ts';
import { contract, count, limits as kit, ms, name, text } from '../src/contracts/kit.ts';
import { backoffMs } from '../src/domain/backoff.ts';
import type { CardNumber, ShiftBody } from '../src/domain/entry.ts';
import { isShiftOver, type Roster, rosters } from '../src/domain/shift.ts';
import type { Clock, Timer } from './clock.ts';
import type { HubClient } from './http-hub.ts';
import type { Log } from './log.ts';
import { readState, writeState } from './state-file.ts';

export const limits = {
  refreshMs: 60_000,
  wrongMax: 5,
  lockMs: 300_000,
  guards: 500,
  pinChars: 64,
  retry: { baseMs: 2_000, maxMs: 60_000 },
} as const;

/** GET /hub/station, as far as a bridge needs it. */
const stationAnswer = z.object({
  contract,
  guards: z
    .array(
      z.object({
        staffId: name,
        name,
        pinHash: z.string().check(z.startsWith('$argon2id$'), z.maxLength(300)),
        /** Absent from a hub that gives no cards to guards: they choose their name. */
        cardKeys: z.optional(z.array(cardKey).check(z.maxLength(kit.cardsPerPerson))),
      }),
    )
    .check(z.maxLength(limits.guards)),
});
/** Who stands at which post: kept, so that a power cut signs nobody off. */
const postState = z.object({
  duty: z.nullable(z.object({ staffId: name, sinceWallMs: ms })),
  prevention: z.nullable(z.object({ staffId: name, sinceWallMs: ms })),
});
const lockState = z.record(name, z.object({ wrong: count, lockedUntilWallMs: ms }));

export type Guard = { staffId: string; name: string };
export type OnDuty = Guard & { sinceWallMs: number };
export type Posts = Record<Roster, OnDuty | null>;
export type SignInAnswer = {
  signedIn: Guard | null;
  error: 'wrong-pin' | 'locked' | 'unknown' | null;
  retryInMs: number;
};

export type Guards = {
  list(): Guard[];
  /** Who stands at the duty post. */
  signedIn(): Guard | null;
  posts(): Posts;
  /** staffId of the guard whose card this is; null when it is nobody's, or its two numbers name two guards. */
  ownerOf(card: CardNumber): string | null;
  /** PINs are checked one at a time, so that guesses cannot run past the count. Whoever stood at this post is relieved. */
  signIn(staffId: string, pin: string, roster?: Roster, byCard?: boolean): Promise<SignInAnswer>;
  /** The same check with the same count of wrong ones, for the settings: who is on duty stays as it is. */
  prove(staffId: string, pin: string): Promise<SignInAnswer>;
  signOut(roster?: Roster): Promise<void>;
  start(): void;
  stop(): void;
};

export type GuardParts = {
  stateDir: string;
  hub: HubClient;
  clock: Clock;
  wallMs: () => number;
  random: () => number;
  log: Log;
  /** The list or who is signed in has changed. */
  onChange: () => void;
  /** Somebody came to a post or left it: to be written down. */
  onShift?: (body: ShiftBody) => void;
  onHub: (reached: boolean) => void;
  /** The hub's whole answer, for those who need another part of it. */
  onStation?: (answer: unknown) => Promise<void>;
};

/** Reads what the state folder holds from the last time. */
export async function createGuards(parts: GuardParts): Promise<Guards> {
  const listPath = join(parts.stateDir, 'station.json');
  const locksPath = join(parts.stateDir, 'pin-locks.json');
  const storedList = stationAnswer.safeParse(await readState(listPath));
  let known = storedList.success ? storedList.data.guards : [];
  let isUnwritten = false;
  const storedLocks = lockState.safeParse(await readState(locksPath));
  const locks = new Map(Object.entries(storedLocks.success ? storedLocks.data : {}));
  const postsPath = join(parts.stateDir, 'on-duty.json');
  const storedPosts = postState.safeParse(await readState(postsPath));
  const posts: Posts = { duty: null, prevention: null };
  for (const roster of rosters) {
    const stored = storedPosts.success ? storedPosts.data[roster] : null;
    const guard = known.find(({ staffId }) => staffId === stored?.staffId);
    if (stored !== null && guard !== undefined)
      posts[roster] = { staffId: guard.staffId, name: guard.name, sinceWallMs: stored.sinceWallMs };
  }
  let busy: Promise<unknown> = Promise.resolve();
  let timer: Timer | null = null;
  let failures = 0;
  let isStopped = false;

  const judge = async (staffId: string, pin: string): Promise<SignInAnswer> => {
    const no = (error: SignInAnswer['error'], retryInMs = 0): SignInAnswer => ({ signedIn: null, error, retryInMs });
    const guard = known.find((one) => one.staffId === staffId);
    if (guard === undefined) return no('unknown');
    const lock = locks.get(staffId) ?? { wrong: 0, lockedUntilWallMs: 0 };
    const leftMs = lock.lockedUntilWallMs - parts.wallMs();
    if (leftMs > limits.lockMs) {
      // A clock that was set back must not lock anybody for years: the wait begins anew, by the clock as it is now.
      locks.set(staffId, { ...lock, lockedUntilWallMs: Math.round(parts.wallMs()) + limits.lockMs });
      await writeState(locksPath, Object.fromEntries(locks));
    }
    if (leftMs > 0) return no('locked', Math.min(leftMs, limits.lockMs));
    // The try is counted on the disk before it is answered: pulling the plug gives no further tries.
    const wrong = lock.lockedUntilWallMs > 0 ? 1 : lock.wrong + 1;
    const isLast = wrong >= limits.wrongMax;
    locks.set(staffId, { wrong, lockedUntilWallMs: isLast ? Math.round(parts.wallMs()) + limits.lockMs : 0 });
    await writeState(locksPath, Object.fromEntries(locks));
    if (!(await isPin(guard.pinHash, pin))) {
      parts.log.warn({ event: 'pin-wrong', count: wrong });
      return isLast ? no('locked', limits.lockMs) : no('wrong-pin');
    }
    locks.delete(staffId);
    await writeState(locksPath, Object.fromEntries(locks));
    return { signedIn: { staffId: guard.staffId, name: guard.name }, error: null, retryInMs: 0 };
  };
  const inTurn = (staffId: string, pin: string): Promise<SignInAnswer> => {
    const answer = busy.then(() => judge(staffId, pin));
    busy = answer.catch(() => undefined);
    return answer;
  };

  const keepPosts = () =>
    writeState(
      postsPath,
      Object.fromEntries(
        rosters.map((roster) => {
          const { staffId, sinceWallMs } = posts[roster] ?? {};
          return [roster, staffId === undefined ? null : { staffId, sinceWallMs }];
        }),
      ),
    );
  /** Nothing is said when nobody stood there. */
  const leave = (roster: Roster, how?: ShiftBody['how']): boolean => {
    const gone = posts[roster];
    if (gone === null) return false;
    posts[roster] = null;
    parts.onShift?.({ kind: 'shift', staffId: gone.staffId, change: 'out', roster, ...(how && { how }) });
    return true;
  };
  /** Who is no longer on the list, and whose sign-off was forgotten, stands at no post any more. */
  const lookAtPosts = async (): Promise<void> => {
    let changed = false;
    for (const roster of rosters) {
      const present = posts[roster];
      if (present === null) continue;
      if (!known.some(({ staffId }) => staffId === present.staffId)) changed = leave(roster, 'unlisted') || changed;
      else if (isShiftOver(present.sinceWallMs, parts.wallMs())) changed = leave(roster, 'expired') || changed;
    }
    if (!changed) return;
    await keepPosts();
    parts.onChange();
  };

  const refresh = async (): Promise<void> => {
    try {
      const answer = await parts.hub.askWhole({ method: 'GET', path: '/hub/station' });
      parts.onHub(true);
      if (answer.status !== 200) throw new Error(`status ${answer.status}`);
      const whole: unknown = JSON.parse(answer.body.toString('utf8'));
      const parsed = stationAnswer.parse(whole);
      const isOther = JSON.stringify(parsed.guards) !== JSON.stringify(known);
      // In force before it is written: on a full disk whoever has left must not sign in any more.
      known = parsed.guards;
      if (isOther) parts.onChange();
      if (isOther || isUnwritten) {
        isUnwritten = true;
        await writeState(listPath, { contract: parsed.contract, guards: known });
        isUnwritten = false;
      }
      await parts.onStation?.(whole);
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures === 1) parts.log.warn({ event: 'guards-not-refreshed', reason: reasonOf(error) });
    }
    await lookAtPosts().catch((error: unknown) =>
      parts.log.error({ event: 'posts-not-kept', reason: reasonOf(error) }),
    );
    if (isStopped) return;
    const waitMs = failures === 0 ? limits.refreshMs : backoffMs(failures - 1, parts.random, 500, limits.retry);
    timer = parts.clock.setTimer(() => void refresh(), waitMs);
  };

  return {
    list: () => known.map(({ staffId, name }) => ({ staffId, name })),
    signedIn: () => (posts.duty === null ? null : { staffId: posts.duty.staffId, name: posts.duty.name }),
    posts: () => ({ ...posts }),
    ownerOf({ uid, printed }) {
      const keys = [uid && `uid:${uid}`, printed && `printed:${printed}`];
      const owners = new Set(
        keys.flatMap((key) => known.filter(({ cardKeys }) => key && cardKeys?.includes(key)).map((one) => one.staffId)),
      );
      const [owner, ...others] = owners;
      return owner === undefined || others.length > 0 ? null : owner;
    },
    signIn: async (staffId, pin, roster = 'duty', byCard = false) => {
      const answer = await inTurn(staffId, pin);
      if (answer.signedIn !== null) {
        if (posts[roster]?.staffId !== staffId) leave(roster, 'relieved');
        posts[roster] = { ...answer.signedIn, sinceWallMs: Math.round(parts.wallMs()) };
        parts.onShift?.({ kind: 'shift', staffId, change: 'in', roster, how: byCard ? 'card' : 'name' });
        await keepPosts();
      }
      // Whoever is on duty stays so when somebody else mistypes.
      return { ...answer, signedIn: posts.duty && { staffId: posts.duty.staffId, name: posts.duty.name } };
    },
    prove: inTurn,
    signOut: async (roster = 'duty') => {
      if (leave(roster)) await keepPosts();
    },
    start: () => void refresh(),
    stop: () => {
      isStopped = true;
      if (timer !== null) parts.clock.clearTimer(timer);
    },
  };
}

async function isPin(hash: string, pin: string): Promise<boolean> {
  if (pin === '' || pin.length > limits.pinChars || !text.safeParse(pin).success) return false;
  return verify(hash, pin);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error) return String(error.code);
  return error.name === 'Error' ? error.message : error.name;
}
