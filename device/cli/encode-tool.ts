// The encode tool without its process: one command of a profile as lower-case hex. Called by encode.ts and tests.
import { commandBytes, profileOf } from '../drivers/index.ts';
import { encodeArguments, type Output, runTool, writeLine } from './tool-arguments.ts';

/** The exit code: 0, or 2 with one sentence on `errors` for a mistake in how it was called. */
export function encodeTool(
  argv: readonly string[],
  output: Output,
  errors: { write(text: string): unknown },
): Promise<number> {
  return runTool(errors, async () => {
    const { profile, command, options } = encodeArguments(argv);
    await writeLine(output, Buffer.from(commandBytes(profileOf(profile), command, options)).toString('hex'));
  });
}
