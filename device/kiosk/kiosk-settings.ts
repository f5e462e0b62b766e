// What the kiosk is told on its command line: the bridge's configuration, or the two things of it that a kiosk needs, for a user who
// must not read the station's token. Called by main.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseConfig } from '../config.ts';
import { profiles } from '../drivers/index.ts';
import { type Sentence, texts } from '../texts.ts';
import { kioskTexts } from '../texts-kiosk.ts';
import { limits as browser } from './browser.ts';

export type KioskSettings = {
  /** Absolute: stamp, profile, cut bytes. */
  dir: string;
  /** Of the bridge. */
  port: number;
  /** Path of Chromium. */
  program: string;
  flags: readonly string[];
  accept: boolean;
};
export type SettingsResult = { ok: true; settings: KioskSettings } | { ok: false; problems: readonly Sentence[] };

const wrong = (...problems: readonly Sentence[]): SettingsResult => ({ ok: false, problems });

/** `env.CHROMIUM`: another Chromium than /usr/bin/chromium, behind `--browser`. */
export async function kioskSettings(args: string[], env: NodeJS.ProcessEnv): Promise<SettingsResult> {
  const given = argumentsOf(args);
  if (given === null) return wrong(kioskTexts.usage());
  const common = {
    program: given.browser ?? env.CHROMIUM ?? '/usr/bin/chromium',
    flags: given.flag ?? [],
    accept: given['accept-change'] ?? false,
  };
  if (common.flags.length > browser.flags || !common.flags.every((flag) => /^--[a-z]/.test(flag)))
    return wrong(kioskTexts.usage());
  if (given.config === undefined) {
    if (given.port === undefined || given.state === undefined) return wrong(kioskTexts.usage());
    const port = /^[1-9]\d{0,4}$/.test(given.port) ? Number(given.port) : 0;
    if (port < 1 || port > 65_535) return wrong(kioskTexts.badPort());
    return { ok: true, settings: { ...common, port, dir: resolve(given.state) } };
  }
  if (given.port !== undefined) return wrong(kioskTexts.usage());
  return fromConfig(given.config, given.state, common);
}

async function fromConfig(path: string, state: string | undefined, common: Omit<KioskSettings, 'dir' | 'port'>) {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return wrong(texts.configUnreadable(path, error instanceof Error ? error.message : ''));
  }
  // A station that has not enrolled yet has its page all the same.
  const enrolmentOf = () => ({ token: 'none', stationId: '', code: 'G00' });
  const known = { profileOf: (name: string) => profiles.get(name) ?? null, names: [...profiles.keys()], enrolmentOf };
  const read = parseConfig(text, path, known);
  if (!read.ok) return wrong(...read.problems);
  const { port, stateDir } = read.config;
  return { ok: true as const, settings: { ...common, port, dir: state ? resolve(state) : join(stateDir, 'kiosk') } };
}

function argumentsOf(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        config: { type: 'string' },
        port: { type: 'string' },
        state: { type: 'string' },
        browser: { type: 'string' },
        flag: { type: 'string', multiple: true },
        'accept-change': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
