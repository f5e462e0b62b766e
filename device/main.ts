// `npm run bridge -- --config FILE`: reads the configuration, starts the bridge, stops it on SIGINT and SIGTERM.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openAnyPort } from './any-port.ts';
import { startBridge } from './bridge.ts';
import { BridgeRefusal } from './bridge-refusal.ts';
import { type BridgeConfig, parseConfig } from './config.ts';
import { profiles } from './drivers/index.ts';
import { createLog } from './log.ts';
import { type Sentence, spoken, texts } from './texts.ts';

const exitCodes = { refused: 1, wrongConfig: 2 } as const;
/** Signals give the parts this long; then the process ends, whatever hangs. */
const limits = { stopMs: 5_000 } as const;

async function main(): Promise<void> {
  const config = await configOf(process.argv.slice(2));
  if (config === null) return;
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
    const bridge = await startBridge(config, { openPort: openAnyPort, pagesDir, log });
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

/** null after saying what is wrong. */
async function configOf(args: string[]): Promise<BridgeConfig | null> {
  const path = pathOf(args);
  if (path === null) return wrong([texts.usage()]);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return wrong([texts.configUnreadable(path, error instanceof Error ? error.message : '')]);
  }
  const result = parseConfig(text, path, {
    profileOf: (name) => profiles.get(name) ?? null,
    names: [...profiles.keys()],
  });
  return result.ok ? result.config : wrong(result.problems);
}

function wrong(problems: readonly Sentence[]): null {
  for (const problem of problems) say(process.stderr, problem);
  process.exitCode = exitCodes.wrongConfig;
  return null;
}

function pathOf(args: string[]): string | null {
  try {
    return parseArgs({ args, options: { config: { type: 'string' } } }).values.config ?? null;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function say(stream: NodeJS.WriteStream, sentence: Sentence): void {
  stream.write(`${spoken(sentence)}\n`);
}

await main();
