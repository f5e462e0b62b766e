// The settings page's calls for the tab "This post": builds and thresholds, self-test, log to a stick, backlight. Mounted by bridge
// among the routes of settings-http, behind its session by PIN; docs/protocol.md tells the conversation.
import { contractVersion } from '../src/contracts/kit.ts';
import {
  actRequest,
  type Build,
  brightnessRequest,
  type PagesBuild,
  type PostAnswer,
  postPath,
  type SelfTestAnswer,
  type Thresholds,
} from '../src/contracts/post.ts';
import { campusDay, campusOffsetMs } from '../src/domain/campus-day.ts';
import type { Policy } from '../src/domain/policy.ts';
import type { Backlight } from './backlight.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { LogRing } from './log-ring.ts';
import { getRoute, ok, postRoute, type SettingsAnswer, type SettingsRoute } from './settings-route.ts';
import { postTexts } from './texts-post.ts';
import { type StickRoots, writeToStick } from './usb-stick.ts';

const api = '/settings/api';

export type PostParts = {
  bridge: Build;
  pages: PagesBuild | null;
  policy: () => Policy;
  /** When the policy in force came from the hub; null = the defaults are in force. */
  policyCameWallMs: () => number | null;
  selfTest: () => Promise<SelfTestAnswer>;
  ring: Pick<LogRing, 'lines' | 'dropped'>;
  sticks: StickRoots;
  backlight: Backlight;
  stationCode: string;
  clock: Clock;
  wallMs: () => number;
  log: Log;
};

/** GET post; POST post/self-test, export-log, brightness. */
export function postRoutes(parts: PostParts): SettingsRoute[] {
  const { clock, wallMs, backlight, log } = parts;
  const startedMs = clock.nowMs();
  const startedWallMs = Math.round(wallMs());

  const build = () => ({
    ...{ bridge: parts.bridge, pages: parts.pages, startedWallMs },
    upMs: Math.round(clock.nowMs() - startedMs),
  });

  const told = async (): Promise<SettingsAnswer> => {
    const policy = parts.policy();
    return ok({
      ...{ contract: contractVersion, wallMs: Math.round(wallMs()), ...build() },
      policy: {
        version: policy.version,
        cameWallMs: parts.policyCameWallMs(),
        thresholds: thresholdsOf(policy),
      },
      backlightPercent: await backlight.percent(),
    } satisfies PostAnswer);
  };

  const exportLog = async (): Promise<SettingsAnswer> => {
    const lines = parts.ring.lines();
    const head = {
      ...{ kind: 'mengang-log', station: parts.stationCode, wallMs: Math.round(wallMs()) },
      ...{ ...build(), lines: lines.length, dropped: parts.ring.dropped() },
    };
    const test = { kind: 'self-test', ...(await parts.selfTest()) };
    const whole = [JSON.stringify(head), JSON.stringify(test), ...lines].map((line) => `${line}\n`).join('');
    const path = await writeToStick(parts.sticks, fileName(parts.stationCode, wallMs()), Buffer.from(whole));
    if (path === null) return { status: 404, code: 'no-stick', sentence: postTexts.noStick() };
    log.info({ event: 'log-exported', count: lines.length });
    return ok({ path, lines: lines.length });
  };

  const setBrightness = async (percent: number): Promise<SettingsAnswer> => {
    const done = await backlight.set(percent);
    if (done === 'none') return { status: 404, code: 'no-backlight', sentence: postTexts.noBacklight() };
    if (done === 'denied') return { status: 503, code: 'backlight-denied', sentence: postTexts.backlightDenied() };
    return ok({ percent: (await backlight.percent()) ?? percent });
  };

  return [
    getRoute(`${api}/${postPath}`, told),
    postRoute(`${api}/${postPath}/self-test`, actRequest, async () => ok(await parts.selfTest())),
    postRoute(`${api}/export-log`, actRequest, exportLog),
    postRoute(`${api}/brightness`, brightnessRequest, ({ body }) => setBrightness(body.percent)),
  ];
}

/** 'mengang-G03-2026-03-01-0745.jsonl': the campus's day and minute, and nothing in it that a file system refuses. */
export function fileName(stationCode: string, wallMs: number): string {
  const safe = stationCode.replace(/[^\w-]/g, '').slice(0, 40) || 'post';
  const minute = new Date(wallMs + campusOffsetMs).toISOString().slice(11, 16).replace(':', '');
  return `mengang-${safe}-${campusDay(wallMs)}-${minute}.jsonl`;
}

function thresholdsOf(policy: Policy): Thresholds {
  const { feverTenths, urgentTenths, borderlineTenths, lowTenths, rangeMinTenths, rangeMaxTenths } = policy;
  const { spreadCenti, triesMax, triesWindowMs, measureMs, freshMs, staleMs, pairMs } = policy;
  const { ambientMinTenths, ambientMaxTenths, warmUpMs, confirmHigh } = policy;
  return {
    ...{ feverTenths, urgentTenths, borderlineTenths, lowTenths, rangeMinTenths, rangeMaxTenths },
    ...{ spreadCenti, triesMax, triesWindowMs, measureMs, freshMs, staleMs, pairMs },
    ...{ ambientMinTenths, ambientMaxTenths, warmUpMs, confirmHigh },
  };
}
