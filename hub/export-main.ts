// `npm run export -- --from DAY --to DAY [--out FILE]`: the auditor's export, to a file or to standard output.

import { once } from 'node:events';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { startOfDayMs } from '../src/domain/campus-day.ts';
import { openBase, storageOf } from './base.ts';
import { exportTo, writeExport } from './export.ts';
import { startSentence, writing } from './start-sentence.ts';
import { auditTexts } from './texts-audit.ts';

const days = daysOf(process.argv.slice(2));
if (days === null) {
  console.error(auditTexts.exportUsage);
  process.exitCode = 2;
} else {
  try {
    const base = await openBase(storageOf(process.env), pino({ level: 'silent' }));
    try {
      const { out } = days;
      const entries =
        out === undefined
          ? await writeExport(base.pool, days, Date.now(), async (line) => {
              if (!process.stdout.write(line)) await once(process.stdout, 'drain');
            })
          : await writing(out, () => exportTo(base.pool, days, Date.now(), resolve(out)));
      console.error(auditTexts.exported(entries));
    } finally {
      await base.close(base.embedded !== null && !base.embedded.found);
    }
  } catch (error) {
    console.error(startSentence(error));
    process.exitCode = 1;
  }
}

function daysOf(args: string[]): { from: string; to: string; out?: string | undefined } | null {
  try {
    const options = { from: { type: 'string' }, to: { type: 'string' }, out: { type: 'string' } } as const;
    const { from, to, out } = parseArgs({ args, options }).values;
    if (from === undefined || to === undefined || startOfDayMs(from) > startOfDayMs(to)) return null;
    return { from, to, out };
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return null;
    throw error;
  }
}
