// `npm run kiosk -- --config FILE`: reads what it is told, keeps the gate's page on the screen, stops on SIGINT and SIGTERM.
import { systemClock } from '../clock.ts';
import { createLog } from '../log.ts';
import { type Sentence, spoken } from '../texts.ts';
import { kioskTexts } from '../texts-kiosk.ts';
import { bridgeAt } from './bridge-talk.ts';
import { chromium } from './browser.ts';
import { KioskRefusal, profileOf, runKiosk } from './kiosk.ts';
import { kioskSettings } from './kiosk-settings.ts';

const exitCodes = { refused: 1, wrongUse: 2 } as const;
/** Chromium is given 5 s; then this process ends, whatever hangs. */
const limits = { stopMs: 15_000 } as const;

async function main(): Promise<void> {
  const read = await kioskSettings(process.argv.slice(2), process.env);
  if (!read.ok) {
    for (const problem of read.problems) say(process.stderr, problem);
    process.exitCode = exitCodes.wrongUse;
    return;
  }
  const { dir, port, program, flags, accept } = read.settings;
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      setTimeout(() => process.exit(exitCodes.refused), limits.stopMs).unref();
      stop.abort();
    });
  }
  const url = `http://localhost${port === 80 ? '' : `:${port}`}/`;
  say(process.stdout, kioskTexts.ready(url));
  try {
    await runKiosk({
      browser: chromium(program, profileOf(dir), url, flags),
      bridge: bridgeAt(port),
      clock: systemClock,
      wallMs: Date.now,
      random: Math.random,
      log: createLog(),
      stop: stop.signal,
      ...{ dir, accept },
    });
    say(process.stdout, kioskTexts.stopped());
  } catch (error) {
    process.exitCode = exitCodes.refused;
    if (error instanceof KioskRefusal) say(process.stderr, error.sentence);
    else if (error instanceof Error && 'code' in error) say(process.stderr, kioskTexts.unusable(dir, error.message));
    else throw error;
  }
}

function say(stream: NodeJS.WriteStream, sentence: Sentence): void {
  stream.write(`${spoken(sentence)}\n`);
}

await main();
