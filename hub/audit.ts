// The auditor: reads an export line by line and says what does not hold, entry by entry. Needs nothing but the export, and a
// heads file from elsewhere where there is one. Called by audit-main.ts and by tests.
import { createHash } from 'node:crypto';
import { exportLine, type LineOf } from '../src/contracts/evidence.ts';
import { chainAudit } from './audit-chain.ts';
import { type Claim, type HeadsBook, headsBook } from './audit-heads.ts';
import { type AuditReport, emptyReport, limits, type TellFault } from './audit-report.ts';

/** Faults in the order of the export; none means that all holds. `elsewhere`: the book of a heads file, or null. */
export async function auditExport(lines: AsyncIterable<string>, elsewhere: HeadsBook | null): Promise<AuditReport> {
  const report = emptyReport(elsewhere !== null);
  const fault: TellFault = (kind, what, at = {}) => {
    if (report.faults.length < limits.faults)
      report.faults.push({ writer: null, seq: null, toSeq: null, entryId: null, ...at, kind, what });
  };
  const book = headsBook(elsewhere);
  const keys = new Map<string, LineOf<'key'>>();
  const seen = new Set<string>();
  const sum = createHash('sha256');
  let head: LineOf<'export'> | null = null;
  let count = 0;
  let ended = false;

  const claimsOf = (writer: string): Claim[] =>
    [...(elsewhere?.claims.get(writer) ?? []), ...(book.claims.get(writer) ?? [])].sort((a, b) => a.seq - b.seq);

  /** Whether a head is older than the days of the export: what it does not know had not come then. */
  const isHeaded = (): boolean =>
    [...(elsewhere?.heads.values() ?? []), ...book.heads.values()].some(({ day }) => head !== null && day < head.from);

  const chains = chainAudit({ report, fault, keys, claimsOf, isHeaded, span: () => head });

  for await (const text of lines) {
    if (text === '') continue;
    const line = parsed(text);
    count += 1;
    if (line === null || ended || (count === 1) !== (line.kind === 'export')) {
      fault('export', `${count}`);
      continue;
    }
    if (line.kind === 'end') {
      ended = true;
      if (line.lines !== count - 1 || line.entries !== report.entries || line.sha256 !== sum.digest('hex'))
        fault('export', 'end');
      continue;
    }
    sum.update(`${text}\n`);
    switch (line.kind) {
      case 'export':
        head = line;
        break;
      case 'key':
        keys.set(line.keyId, line);
        break;
      case 'log':
      case 'leaf':
      case 'head':
        book.take(line);
        break;
      case 'writer':
        seen.add(line.writer);
        chains.takeWriter(line);
        break;
      case 'signature':
        chains.takeSignature(line);
        break;
      case 'entry':
        chains.takeEntry(line);
        break;
      case 'aside':
        chains.takeAside(line);
        break;
      case 'station':
        break;
      default:
        line satisfies never;
    }
  }
  chains.closeChain();
  if (!ended) fault('export', 'end');
  report.heads = book.heads.size;
  for (const { log, number } of [...(elsewhere?.faults ?? []), ...book.faults]) fault('head', `${log} ${number}`);
  for (const [keyId, { station, publicKey }] of [...(elsewhere?.keys ?? []), ...book.keys]) {
    const told = keys.get(keyId);
    if (told?.publicKey !== publicKey || told.station !== station) fault('key', keyId);
  }
  for (const writer of new Set([...(elsewhere?.claims.keys() ?? []), ...book.claims.keys()])) {
    const last = claimsOf(writer).at(-1);
    if (last !== undefined && !seen.has(writer)) fault('writer-missing', last.day, { writer, seq: 1, toSeq: last.seq });
  }
  return report;
}

function parsed(text: string) {
  try {
    const read = exportLine.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    return null; // no JSON: told as a fault of the export
  }
}
