// The decode tool without its process: bytes from hex or a capture file, one line of JSON an event. Called by decode.ts and tests.
import { createReadStream } from 'node:fs';
import type { DeviceEvent } from '../drivers/driver.ts';
import { profileOf } from '../drivers/index.ts';
import { cliTexts } from '../texts-cli.ts';
import { lineOfEvent } from './event-line.ts';
import { decodeArguments, type Output, runTool, UsageError, writeLine } from './tool-arguments.ts';

export const limits = { chunkBytes: 65_536 } as const;

/** The exit code: 0, or 2 with one sentence on `errors` for a mistake in how it was called. */
export function decodeTool(
  argv: readonly string[],
  output: Output,
  errors: { write(text: string): unknown },
): Promise<number> {
  return runTool(errors, async () => {
    const { profile, options, source } = decodeArguments(argv);
    const decoder = profileOf(profile).decoder(options);
    const chunks = source.is === 'hex' ? [source.bytes] : chunksOfFile(source.path);
    const showsPrinted = options.printed !== undefined;
    const print = async (events: readonly DeviceEvent[]): Promise<void> => {
      for (const event of events) await writeLine(output, lineOfEvent(event, showsPrinted));
    };
    for await (const chunk of chunks) await print(decoder.push(chunk));
    await print(decoder.idle());
  });
}

async function* chunksOfFile(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: limits.chunkBytes })) yield chunk;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    if (code === null || !/^E[A-Z]+$/.test(code)) throw error;
    throw new UsageError(cliTexts.unreadable(path, code));
  }
}
