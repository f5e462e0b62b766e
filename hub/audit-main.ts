// `npm run audit -- --export FILE [--heads FILE]`: says what an export proves and what it does not; exit 0 only when all holds.
import { constants, createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { auditExport } from './audit.ts';
import { type HeadsBook, headsBook } from './audit-heads.ts';
import { headsFileLines } from './heads-file.ts';
import { auditTexts } from './texts-audit.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const given = filesOf(args);
  if (given === null) {
    console.error(auditTexts.auditUsage);
    return 2;
  }
  for (const path of [given.export, ...(given.heads === undefined ? [] : [given.heads])]) {
    const reason = await whyUnreadable(path);
    if (reason === null) continue;
    console.error(auditTexts.unreadable(path, reason));
    return 2;
  }
  const elsewhere = given.heads === undefined ? null : await bookOf(given.heads);
  if (elsewhere?.heads.size === 0) {
    console.error(auditTexts.noHeadIn(given.heads ?? ''));
    return 2;
  }
  const lines = createInterface({ input: createReadStream(given.export, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
  const report = await auditExport(lines, elsewhere);
  for (const fault of report.faults) console.log(auditTexts.fault(fault));
  console.log(auditTexts.figures(report));
  console.log(report.faults.length === 0 ? auditTexts.proven : auditTexts.broken(report.faults.length));
  if (report.afterHeads > 0) console.log(auditTexts.afterHeads(report.afterHeads));
  if (report.unsigned > 0) console.log(auditTexts.unsigned(report.unsigned));
  if (report.passedOn > 0) console.log(auditTexts.passedOn(report.passedOn));
  if (report.loose > 0) console.log(auditTexts.loose(report.loose));
  if (!report.headsElsewhere) console.log(auditTexts.ownHeads);
  if (report.latest !== null) console.log(auditTexts.late(report.late, report.latest));
  return report.faults.length === 0 ? 0 : 1;
}

/** The code of what keeps the file from being read, or null; a folder would say so only when it is read. */
async function whyUnreadable(path: string): Promise<string | null> {
  try {
    await access(path, constants.R_OK);
    return (await stat(path)).isDirectory() ? 'EISDIR' : null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

async function bookOf(path: string): Promise<HeadsBook> {
  const book = headsBook(null);
  for await (const line of headsFileLines(path)) if (line !== null) book.take(line);
  return book;
}

function filesOf(args: string[]): { export: string; heads?: string | undefined } | null {
  try {
    const { export: file, heads } = parseArgs({
      args,
      options: { export: { type: 'string' }, heads: { type: 'string' } },
    }).values;
    return file === undefined ? null : { export: file, heads };
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
