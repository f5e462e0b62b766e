// Learning which number stands printed on the cards: judged here from the taps that this bridge saw, so that nothing is stored which
// three cards did not show. Called by bridge.
import { type LearnAnswer, learnRequest, learnWriteRequest } from '../src/contracts/settings.ts';
import { type Learned, learn, uidOfHex } from '../src/domain/card-number.ts';
import type { DeviceConfig } from './config.ts';
import type { ConfigFile } from './config-file.ts';
import type { Log } from './log.ts';
import type { Tap } from './settings-live.ts';
import { ok, postRoute, type SettingsAnswer, type SettingsRoute } from './settings-route.ts';
import { settingsTexts } from './texts-settings.ts';

export type LearnParts = {
  configs: readonly DeviceConfig[];
  tap: (n: number) => Tap | null;
  /** Null where there is no file, as in the simulated start. */
  file: ConfigFile | null;
  log: Log;
};

type Cards = readonly { n: number; printed: string }[];

export function learnRoutes(parts: LearnParts): readonly SettingsRoute[] {
  const judge = (deviceId: string, cards: Cards): Learned | null => {
    const inHand = cards.flatMap(({ n, printed }) => {
      const tap = parts.tap(n);
      const uid = tap !== null && tap.deviceId === deviceId && tap.uid !== null ? uidOfHex(tap.uid) : null;
      return uid === null ? [] : [{ uid, printed }];
    });
    return inHand.length === cards.length ? learn(inHand) : null;
  };
  const stale: SettingsAnswer = { status: 409, code: 'tap-again', sentence: settingsTexts.tapAgain() };

  return [
    postRoute('/settings/api/learn', learnRequest, async ({ body: { deviceId, cards } }) => {
      const learned = judge(deviceId, cards);
      if (learned === null) return stale;
      if (learned.is !== 'one') {
        const conversions = learned.is === 'several' ? [...learned.conversions] : [];
        return ok({ is: learned.is, conversions, lines: null, configSha: null } satisfies LearnAnswer);
      }
      const { conversion } = learned;
      const draft = (await parts.file?.draft(deviceId, conversion)) ?? null;
      const lines = draft?.entry ?? entryOf(parts.configs, deviceId, conversion);
      return ok({ is: 'one', conversions: [conversion], lines, configSha: draft?.sha ?? null } satisfies LearnAnswer);
    }),
    postRoute('/settings/api/learn/write', learnWriteRequest, async ({ body: { deviceId, cards, configSha } }) => {
      const learned = judge(deviceId, cards);
      if (learned === null) return stale;
      if (learned.is !== 'one') return { status: 422, code: 'not-one', sentence: settingsTexts.notOne() };
      const done = (await parts.file?.write(deviceId, learned.conversion, configSha)) ?? 'unwritable';
      if (done === 'changed') return { status: 409, code: 'changed', sentence: settingsTexts.configChanged() };
      if (done === 'unwritable') return { status: 422, code: 'unwritable', sentence: settingsTexts.unwritable() };
      parts.log.info({ event: 'config-written', deviceId });
      return ok(done);
    }),
  ];
}

function entryOf(configs: readonly DeviceConfig[], deviceId: string, printed: string): string {
  const config = configs.find((one) => one.deviceId === deviceId);
  if (config === undefined) return JSON.stringify({ options: { printed } }, null, 2);
  const { role, profile, path, baudRate, options } = config;
  return JSON.stringify({ role, profile, path, baudRate, options: { ...options, printed } }, null, 2);
}
