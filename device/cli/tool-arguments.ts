// Reads the command lines of decode and encode; what is wrong is a UsageError with one sentence. Called by both tools.
import { parseArgs } from 'node:util';
import type { ProfileOptions } from '../drivers/driver.ts';
import { cliTexts } from '../texts-cli.ts';

/** Exit code of a tool that was called wrongly. */
export const usageExit = 2;

/** Carries a sentence for the person at the keyboard. */
export class UsageError extends Error {}

/** A place for lines; resolves when more may come. */
export type Output = { write(text: string): boolean; once(event: 'drain', listener: () => void): unknown };

export type DecodeArguments = {
  profile: string;
  options: ProfileOptions;
  source: { is: 'hex'; bytes: Uint8Array } | { is: 'file'; path: string };
};

export function decodeArguments(argv: readonly string[]): DecodeArguments {
  const { values } = parsed(cliTexts.decodeUsage, () =>
    parseArgs({
      args: [...argv],
      options: {
        profile: { type: 'string' },
        option: { type: 'string', multiple: true },
        hex: { type: 'string' },
        file: { type: 'string' },
      },
    }),
  );
  if (values.profile === undefined) throw new UsageError(cliTexts.badArguments('--profile', cliTexts.decodeUsage));
  if ((values.hex === undefined) === (values.file === undefined)) throw new UsageError(cliTexts.oneSource);
  return {
    profile: values.profile,
    options: optionsOf(values.option ?? []),
    source:
      values.hex === undefined ? { is: 'file', path: values.file ?? '' } : { is: 'hex', bytes: bytesOfHex(values.hex) },
  };
}

export type EncodeArguments = { profile: string; command: string; options: ProfileOptions };

export function encodeArguments(argv: readonly string[]): EncodeArguments {
  const { values } = parsed(cliTexts.encodeUsage, () =>
    parseArgs({
      args: [...argv],
      options: {
        profile: { type: 'string' },
        command: { type: 'string' },
        channel: { type: 'string' },
        option: { type: 'string', multiple: true },
      },
    }),
  );
  if (values.profile === undefined) throw new UsageError(cliTexts.badArguments('--profile', cliTexts.encodeUsage));
  if (values.command === undefined) throw new UsageError(cliTexts.badArguments('--command', cliTexts.encodeUsage));
  const channel = values.channel === undefined ? {} : { channel: values.channel };
  return {
    profile: values.profile,
    command: values.command,
    options: { ...optionsOf(values.option ?? []), ...channel },
  };
}

/** What `parse` gives; its mistakes are said with how the tool is used. */
export function parsed<T>(usage: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(cliTexts.badArguments(error.message.split('\n')[0] ?? '', usage));
  }
}

/** Throws a UsageError for a pair without `=` or without a name. The value may hold `=` itself. */
function optionsOf(pairs: readonly string[]): ProfileOptions {
  const entries = pairs.map((pair): [string, string] => {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(cliTexts.badOption(pair));
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  return Object.fromEntries(entries);
}

/** Upper or lower case, blanks between bytes allowed; never empty. */
function bytesOfHex(text: string): Uint8Array {
  const hex = text.replace(/\s+/g, '');
  if (hex.length === 0 || hex.length % 2 !== 0 || !/^[0-9A-Fa-f]+$/.test(hex)) throw new UsageError(cliTexts.badHex);
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

/** Runs a tool: its exit code, with the sentence of a mistake in how it was called on `errors`. */
export async function runTool(errors: { write(text: string): unknown }, run: () => Promise<void>): Promise<number> {
  try {
    await run();
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof RangeError)) throw error;
    errors.write(`${error.message}\n`);
    return usageExit;
  }
}

/** Writes one line, waiting when the reader is slower than we are. */
export async function writeLine(output: Output, line: string): Promise<void> {
  if (!output.write(`${line}\n`)) await new Promise<void>((resolve) => void output.once('drain', resolve));
}

/** `| head` closes our output early: that is no failure, just the end. */
export function endQuietlyWithReader(output: NodeJS.WriteStream): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
