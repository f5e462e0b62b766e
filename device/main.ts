// `npm run bridge -- --config FILE`: reads the configuration, starts the bridge, stops it on SIGINT and SIGTERM.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openAnyPort } from './any-port.ts';
import { startBridge } from './bridge.ts';
import { BridgeRefusal } from './bridge-refusal.ts';
import { type BridgeConfig, parseConfig } from './config.ts';
import { profiles } from './drivers/index.ts';
import { enrol, readEnrolment } from './enrolment.ts';
import { createLog } from './log.ts';
import { rescue } from './rescue.ts';
import { type Sentence, spoken, texts } from './texts.ts';

const exitCodes = { refused: 1, wrongConfig: 2 } as const;
/** Signals give the parts this long; then the process ends, whatever hangs. */
const limits = { stopMs: 5_000 } as const;

async function main(): Promise<void> {
  const config = await configOf(process.argv.slice(2));
  if (config === null) return;
  const given = argumentsOf(process.argv.slice(2));
  if (given?.rescue !== undefined) return rescueTo(config, resolve(given.rescue), given.whole ?? false);
  const log = createLog();
  const pagesDir = fileURLToPath(new URL('../pages', import.meta.url));
  // Before anything is started: told to end in the middle of its start, it still ends what came up.
  const told = new Promise<void>((stop) => {
    const onSignal = (): void => {
      setTimeout(() => process.exit(exitCodes.refused), limits.stopMs).unref();
      stop();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
  try {
    const bridge = await startBridge(config, {
      openPort: openAnyPort,
      pagesDir,
      log,
      ...configPathOf(process.argv.slice(2)),
    });
    say(process.stdout, texts.ready(bridge.url));
    await told;
    await bridge.stop().catch((error: unknown) => {
      log.error({ event: 'stop-failed', reason: error instanceof Error ? error.message : '' });
      process.exit(exitCodes.refused);
    });
    say(process.stdout, texts.stopped());
    process.exit(0);
  } catch (error) {
    if (!(error instanceof BridgeRefusal)) throw error;
    say(process.stderr, error.sentence);
    process.exitCode = exitCodes.refused;
  }
}

async function rescueTo(config: BridgeConfig, path: string, whole: boolean): Promise<void> {
  const { ok, sentences } = await rescue(config, path, { whole, wallMs: Date.now });
  for (const sentence of sentences) say(ok ? process.stdout : process.stderr, sentence);
  if (!ok) process.exitCode = exitCodes.refused;
}

/** null after saying what is wrong. */
async function configOf(args: string[]): Promise<BridgeConfig | null> {
  const given = argumentsOf(args);
  if (given === null) return wrong([texts.usage()]);
  const { config: path, enrol: code } = given;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return wrong([texts.configUnreadable(path, error instanceof Error ? error.message : '')]);
  }
  const known = { profileOf: (name: string) => profiles.get(name) ?? null, names: [...profiles.keys()] };
  if (code !== undefined) {
    // Judged as if enrolled already: a configuration with a mistake must not use up a code.
    const ahead = { token: 'none', stationId: '', code: 'G00' };
    const judged = parseConfig(text, path, { ...known, enrolmentOf: () => ahead });
    if (!judged.ok) return wrong(judged.problems);
    const done = await enrol(judged.config, code);
    say(done.ok ? process.stdout : process.stderr, done.sentence);
    if (!done.ok) {
      process.exitCode = exitCodes.refused;
      return null;
    }
  }
  const result = parseConfig(text, path, { ...known, enrolmentOf: readEnrolment });
  return result.ok ? result.config : wrong(result.problems);
}

function wrong(problems: readonly Sentence[]): null {
  for (const problem of problems) say(process.stderr, problem);
  process.exitCode = exitCodes.wrongConfig;
  return null;
}

type Arguments = { config: string; enrol?: string; rescue?: string; whole?: boolean };

function argumentsOf(args: string[]): Arguments | null {
  try {
    const { config, ...rest } = parseArgs({
      args,
      options: {
        config: { type: 'string' },
        enrol: { type: 'string' },
        rescue: { type: 'string' },
        whole: { type: 'boolean' },
      },
    }).values;
    return config === undefined ? null : { config, ...rest };
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function configPathOf(args: string[]): { configPath?: string } {
  const given = argumentsOf(args);
  return given === null ? {} : { configPath: given.config };
}

function say(stream: NodeJS.WriteStream, sentence: Sentence): void {
  stream.write(`${spoken(sentence)}\n`);
}

await main();
