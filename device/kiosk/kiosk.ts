// Keeps the gate's page on the screen: Chromium on a profile of its own, checked before each start, watched through the bridge,
// started anew when it ends or falls silent. Called by main; every part with a side effect is passed in.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { makeFolder } from '../folder.ts';
import { LockedError, lockFolder } from '../journal-lock.ts';
import type { Log } from '../log.ts';
import { type Sentence, spoken } from '../texts.ts';
import { kioskTexts } from '../texts-kiosk.ts';
import type { BridgeTalk } from './bridge-talk.ts';
import type { Browser, RunningBrowser } from './browser.ts';
import { setAside } from './keep-profile.ts';
import { endOrphan } from './orphan.ts';
import { doubtOf, judgeStamp, readStamp, type Stamp, type Standing, writeStamp } from './stamp.ts';
import { cutTornLogs } from './torn-logs.ts';
import { createRestarts, createWatch } from './watch.ts';

export const limits = {
  pollMs: 2_000,
  /** A bridge that starts together with the kiosk has this long before the kiosk refuses for its silence. */
  bridgeMs: 60_000,
  /** Times that the bridge is asked to bring more to the hub, as long as it gets fewer. */
  settleRounds: 1_000,
} as const;

/** The profile's place in the kiosk's folder. */
export const profileOf = (dir: string): string => join(dir, 'profile');

export type KioskParts = {
  /** The kiosk's own folder, absolute. */
  dir: string;
  browser: Browser;
  bridge: BridgeTalk;
  clock: Clock;
  wallMs: () => number;
  random: () => number;
  log: Log;
  /** Opens the profile with a changed Chromium whatever is unsent, after its databases were copied aside. */
  accept: boolean;
  /** Told to end. */
  stop: AbortSignal;
};

/** Why the page is not started; its sentence says what to do. */
export class KioskRefusal extends Error {
  readonly sentence: Sentence;
  constructor(sentence: Sentence) {
    super(spoken(sentence));
    this.name = 'KioskRefusal';
    this.sentence = sentence;
  }
}

/** Runs until told to stop. Throws a KioskRefusal, or what the system says of the folder. */
export async function runKiosk(parts: KioskParts): Promise<void> {
  await makeFolder(parts.dir);
  const unlock = await lockFolder(parts.dir).catch((error: unknown) => {
    throw error instanceof LockedError ? new KioskRefusal(kioskTexts.locked(parts.dir, error.pid)) : error;
  });
  try {
    const restarts = createRestarts(parts.random);
    while (!parts.stop.aborted) {
      await openOnce(parts);
      if (parts.stop.aborted) break;
      const { waitMs, bounded } = restarts.next(parts.clock.nowMs());
      parts.log.warn(
        { event: 'page-starts-again', inMs: waitMs },
        bounded ? spoken(kioskTexts.tooMany(Math.ceil(waitMs / 60_000))) : undefined,
      );
      await pause(parts, waitMs);
    }
  } finally {
    await unlock();
  }
}

/** One life of Chromium: made ready, judged, started, watched to its end. */
async function openOnce(parts: KioskParts): Promise<void> {
  const { dir, browser, clock, log } = parts;
  const profile = profileOf(dir);
  if (await endOrphan(profile, (ms) => wait(clock, ms))) log.warn({ event: 'orphan-ended' });
  let stamp = await stampFor(parts);
  if (stamp === null) return;
  for (const cut of await cutTornLogs(profile, join(dir, 'torn'), parts.wallMs())) {
    if (cut.bytes > 0)
      log.warn({ event: 'torn-page-log', count: cut.bytes }, spoken(kioskTexts.torn(cut.path, cut.bytes)));
    if (cut.damagedBlocks > 0)
      log.error({ event: 'damaged-page-log', count: cut.damagedBlocks }, spoken(kioskTexts.damaged(cut.path)));
  }
  const note = async (alone: boolean): Promise<void> => {
    if (stamp === null || stamp.alone === alone) return;
    stamp = { ...stamp, alone };
    await writeStamp(join(dir, 'stamp.json'), stamp);
  };
  const running = browser.start();
  log.info({ event: 'page-started' });
  try {
    await watchPage(parts, running, note);
  } finally {
    await running.stop();
  }
}

/** Watches until Chromium ends, falls silent, or the kiosk is told to stop. */
async function watchPage(parts: KioskParts, running: RunningBrowser, note: (alone: boolean) => Promise<void>) {
  const { clock, log } = parts;
  const watch = createWatch(clock.nowMs());
  let endedBy: string | null = null;
  const end = new AbortController();
  void running.ended.then((how) => {
    endedBy = how;
    end.abort();
  });
  const either = AbortSignal.any([end.signal, parts.stop]);
  while (!either.aborted) {
    const heard = await parts.bridge.health();
    if (either.aborted) break;
    const page = watch.hear(heard, clock.nowMs());
    if (page === 'stopped') {
      log.error({ event: 'page-stopped' }, spoken(kioskTexts.silent()));
      return;
    }
    // While the bridge is away, or hears nothing of it, the page may take down what only it knows.
    if (page === 'unknown') await note(true);
    else if (page === 'well') await note((heard?.unjournaled ?? 0) > 0);
    await pause({ clock, stop: either }, limits.pollMs);
  }
  if (endedBy !== null && !parts.stop.aborted) log.error({ event: 'browser-ended', reason: endedBy });
}

/** The stamp under which Chromium may open the profile now, written down; null when told to stop meanwhile. */
async function stampFor(parts: KioskParts): Promise<Stamp | null> {
  const path = join(parts.dir, 'stamp.json');
  const version = await parts.browser.version().catch((error: unknown) => {
    throw new KioskRefusal(kioskTexts.noBrowser(error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''));
  });
  const now = { version, flags: await parts.browser.flagsHash() };
  const before = await readStamp(path);
  const judged = judgeStamp(before, now, await hasDatabases(parts.dir));
  if (judged.may === 'ask') {
    const standing = await standingOf(parts);
    if (parts.stop.aborted) return null;
    const doubt = doubtOf(before, standing);
    const was = before === null || before === 'unreadable' ? '?' : before.version;
    if (doubt !== null && !parts.accept) {
      const changed = kioskTexts.changed[judged.what](was, version);
      throw new KioskRefusal(kioskTexts.refused(changed, kioskTexts.doubts[doubt](standing?.unsent ?? 0)));
    }
    if (doubt !== null) {
      const kept = await setAside(profileOf(parts.dir), join(parts.dir, 'kept'), parts.wallMs());
      parts.log.warn({ event: 'change-accepted', reason: doubt }, spoken(kioskTexts.accepted(kept)));
    } else parts.log.info({ event: 'change-settled' });
  }
  const alone = before === null || before === 'unreadable' ? false : before.alone;
  const stamp: Stamp = { ...now, alone: judged.may === 'ask' ? false : alone };
  if (judged.may === 'ask' || before === null) await writeStamp(path, stamp);
  return stamp;
}

/** Waits for a bridge that is only just starting, then has it bring to the hub what its journal holds, as long as that helps. */
async function standingOf(parts: KioskParts): Promise<Standing | null> {
  const { clock, bridge } = parts;
  const sinceMs = clock.nowMs();
  let standing = await bridge.settle();
  while (standing === null && clock.nowMs() - sinceMs < limits.bridgeMs && !parts.stop.aborted) {
    await pause(parts, limits.pollMs);
    standing = await bridge.settle();
  }
  for (let round = 0; round < limits.settleRounds && !parts.stop.aborted; round++) {
    const left = standing?.unsent ?? 0;
    if (left === 0) break;
    const next: Standing | null = await bridge.settle();
    if (next === null || next.unsent === null || next.unsent >= left) return next;
    standing = next;
  }
  return standing;
}

async function hasDatabases(dir: string): Promise<boolean> {
  try {
    return (await readdir(join(profileOf(dir), 'Default', 'IndexedDB'))).length > 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

function wait(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.setTimer(resolve, ms));
}

/** Waits, but not for longer than until told to stop. */
function pause({ clock, stop }: Pick<KioskParts, 'clock' | 'stop'>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const done = (): void => {
      clock.clearTimer(timer);
      stop.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.setTimer(done, ms);
    stop.addEventListener('abort', done);
  });
}
