// The osdp tool without its process: events of every device on the line as lines of JSON, commands from lines of JSON. Called by
// osdp.ts and tests.
import type { Clock } from '../clock.ts';
import type { UnitOptions } from '../drivers/osdp/control-unit.ts';
import { createOsdpBus } from '../osdp-bus.ts';
import { nodeCipher, randomChallenge } from '../osdp-crypto.ts';
import type { OpenPort } from '../ports.ts';
import { osdpToolTexts } from '../texts-osdp.ts';
import { osdpArguments } from './osdp-arguments.ts';
import { limits as lineLimits, lineOfUnitEvent, orderOfLine } from './osdp-lines.ts';
import { boundedLines } from './rehearse-lines.ts';
import { type Output, runTool, UsageError } from './tool-arguments.ts';

/** Lines for a reader that takes none; beyond them the tool ends rather than grow. */
export const limits = { waitingLines: 10_000 } as const;

export type OsdpToolOptions = {
  argv: readonly string[];
  input: AsyncIterable<Uint8Array>;
  output: Output;
  errors: { write(text: string): unknown };
  openPort: OpenPort;
  clock: Clock;
  random(): number;
  /** Resolves when the tool is to end; the end of the input does not end it. */
  stopped: Promise<void>;
  /** For tests: other waits of the control units. */
  unitLimits?: UnitOptions['limits'];
};

/** The exit code: 0 after `stopped`, or 2 with one sentence for a mistake in how it was called. */
export function osdpTool(options: OsdpToolOptions): Promise<number> {
  return runTool(options.errors, async () => {
    const { path, addresses, baudRate, key, hasCrc } = osdpArguments(options.argv);
    const printer = createPrinter(options.output);
    const { print } = printer;
    const secure = key ? { cipher: nodeCipher, key, random: randomChallenge } : null;
    const bus = createOsdpBus({
      path,
      baudRate,
      openPort: options.openPort,
      clock: options.clock,
      random: options.random,
      units: addresses.map((address) => ({ address, hasCrc, secure, limits: options.unitLimits ?? {} })),
      onEvent: (address, event) => print(lineOfUnitEvent(address, event)),
      onPort: (state, reason) => print(JSON.stringify({ kind: 'port', state, ...(reason === null ? {} : { reason }) })),
    });
    let count = 0;
    const take = (text: string) => {
      count += 1;
      try {
        const { address, id, command, forMs } = orderOfLine(text, addresses, String(count));
        const isTaken = bus.order(address, id, command, forMs);
        if (!isTaken) print(lineOfUnitEvent(address, { is: 'result', id, outcome: 'dropped', code: null }));
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        print(JSON.stringify({ kind: 'error', line: count, message: error.message }));
      }
    };
    const read = async () => {
      for await (const line of boundedLines(options.input, lineLimits.lineBytes)) {
        if ('tooLong' in line) {
          count += 1;
          print(JSON.stringify({ kind: 'error', line: count, message: osdpToolTexts.tooLong(lineLimits.lineBytes) }));
        } else if (line.text.trim() !== '') take(line.text);
      }
    };
    bus.start();
    try {
      // The end of the input leaves the events going; a mistake in reading it ends the tool.
      await Promise.race([options.stopped, printer.overflown, read().then(() => options.stopped)]);
    } finally {
      bus.stop();
    }
  });
}

/** `overflown` rejects when nobody takes the lines. */
function createPrinter(output: Output): { print(line: string): void; overflown: Promise<never> } {
  let waiting = 0;
  let fail: (error: UsageError) => void = () => undefined;
  const overflown = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const print = (line: string) => {
    if (waiting > limits.waitingLines) return fail(new UsageError(osdpToolTexts.nobodyReads));
    if (output.write(`${line}\n`)) return;
    if (waiting === 0) {
      output.once('drain', () => {
        waiting = 0;
      });
    }
    waiting += 1;
  };
  return { print, overflown };
}
