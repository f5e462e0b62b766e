// The convert tool without its process: every printed form of a card's bytes as one JSON object. Called by convert.ts and tests.
import { parseArgs } from 'node:util';
import { printedForms, uidOfHex } from '../../src/domain/card-number.ts';
import { cliTexts } from '../texts-cli.ts';
import { type Output, parsed, runTool, UsageError, writeLine } from './tool-arguments.ts';

/** The exit code: 0, or 2 with one sentence on `errors` for a mistake in how it was called. */
export function convertTool(
  argv: readonly string[],
  output: Output,
  errors: { write(text: string): unknown },
): Promise<number> {
  return runTool(errors, async () => {
    const { values } = parsed(cliTexts.convertUsage, () =>
      parseArgs({ args: [...argv], options: { uid: { type: 'string' } } }),
    );
    if (values.uid === undefined) throw new UsageError(cliTexts.badArguments('--uid', cliTexts.convertUsage));
    const uid = uidOfHex(values.uid);
    if (uid === null) throw new UsageError(cliTexts.badUid);
    await writeLine(output, JSON.stringify(printedForms(uid)));
  });
}
