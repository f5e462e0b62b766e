// The command `npm run hub -- --import-rescue FILE`. Called by cli.ts.
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import type { Pool } from './database.ts';
import type { Clock, Ledger } from './ledger.ts';
import { importRescue } from './rescue-import.ts';
import { rescueTexts } from './texts-rescue.ts';

/** Exit code: 0 imported, 1 refused. */
export async function runImport(
  path: string,
  deps: { pool: Pool; ledger: Ledger; clock: Clock; log: Logger },
): Promise<number> {
  const result = await importRescue(deps, resolve(path));
  if (!result.ok) {
    console.error(rescueTexts.refused(result.refusal, path));
    return 1;
  }
  const { done } = result;
  console.log(rescueTexts.done(done));
  if (done.unsigned > 0) console.log(rescueTexts.unsigned(done.unsigned));
  if (done.damaged > 0) console.log(rescueTexts.damaged(done.damaged));
  return 0;
}
