// The auditor: reads an export line by line and says what does not hold, entry by entry. Needs nothing but the export, and a
// heads file from elsewhere where there is one. Called by audit-main.ts and by tests.
import { createHash } from 'node:crypto';
import { exportLine, type LineOf } from '../src/contracts/evidence.ts';
import { genesisHash } from '../src/domain/chain.ts';
import { batchText } from '../src/domain/evidence.ts';
import { type Claim, type HeadsBook, headsBook } from './audit-heads.ts';
import { hasSigned } from './station-keys.ts';
import { chainHash } from './upload-check.ts';

export const limits = { faults: 1_000, lateMs: 900_000, skewMs: 60_000 } as const;

export type FaultKind =
  | 'export'
  | 'head'
  | 'key'
  | 'missing'
  | 'changed'
  | 'order'
  | 'signature'
  | 'signed-other'
  | 'unsigned'
  | 'head-other'
  | 'tail-cut'
  | 'writer-missing'
  | 'receipt-time';
/** `toSeq` only where a whole run is meant. `entryId` is null for what is not there. */
export type AuditFault = {
  kind: FaultKind;
  writer: string | null;
  seq: number | null;
  toSeq: number | null;
  entryId: string | null;
  what: string;
};
export type AuditReport = {
  faults: AuditFault[];
  entries: number;
  writers: number;
  signatures: number;
  heads: number;
  /** Entries behind the last head of their writer: proven by signatures alone. */
  afterHeads: number;
  /** Entries that no signature covers (a station without a key, the hub itself). */
  unsigned: number;
  passedOn: number;
  /** Chains whose beginning in this export no head anchors. */
  loose: number;
  late: number;
  latest: { writer: string; seq: number; entryId: string; ms: number } | null;
  asides: number;
  headsElsewhere: boolean;
};

type Chain = {
  line: LineOf<'writer'>;
  last: number;
  hash: string | null;
  lastId: string | null;
  claims: Claim[];
  signatures: Map<number, LineOf<'signature'>[]>;
  asides: Map<number, LineOf<'aside'>[]>;
  signedTo: number;
};

/** Faults in the order of the export; none means that all holds. `elsewhere`: the book of a heads file, or null. */
export async function auditExport(lines: AsyncIterable<string>, elsewhere: HeadsBook | null): Promise<AuditReport> {
  const report: AuditReport = {
    faults: [],
    entries: 0,
    writers: 0,
    signatures: 0,
    heads: 0,
    afterHeads: 0,
    unsigned: 0,
    passedOn: 0,
    loose: 0,
    late: 0,
    latest: null,
    asides: 0,
    headsElsewhere: elsewhere !== null,
  };
  const fault = (kind: FaultKind, what: string, at: Partial<AuditFault> = {}) => {
    if (report.faults.length < limits.faults)
      report.faults.push({ writer: null, seq: null, toSeq: null, entryId: null, ...at, kind, what });
  };
  const book = headsBook(elsewhere);
  const keys = new Map<string, LineOf<'key'>>();
  const seen = new Set<string>();
  const sum = createHash('sha256');
  let head: LineOf<'export'> | null = null;
  let chain: Chain | null = null;
  let count = 0;
  let ended = false;

  const claimsOf = (writer: string): Claim[] =>
    [...(elsewhere?.claims.get(writer) ?? []), ...(book.claims.get(writer) ?? [])].sort((a, b) => a.seq - b.seq);

  const closeChain = (): void => {
    if (chain === null) return;
    const { line, last, claims, signedTo } = chain;
    const at = { writer: line.writer };
    const due = claims.filter(({ day }) => head !== null && day >= head.from && day <= head.to).at(-1)?.seq ?? 0;
    const owed = Math.max(line.to ?? 0, due);
    let missingFrom = last + 1;
    while (missingFrom <= owed && chain.asides.has(missingFrom)) missingFrom += 1;
    if (missingFrom <= owed) fault('tail-cut', '', { ...at, seq: missingFrom, toSeq: owed });
    const isSigned = line.owner !== null && !line.owner.startsWith('hub-');
    if (isSigned && line.to !== null && last > signedTo)
      fault('unsigned', '', { ...at, seq: signedTo + 1, toSeq: last, entryId: chain.lastId });
    if (!isSigned && line.from !== null) report.unsigned += Math.max(0, last - line.from + 1);
    const headed = claims.at(-1)?.seq ?? 0;
    if (line.from !== null) report.afterHeads += Math.max(0, last - Math.max(headed, line.from - 1));
    for (const [seq, list] of chain.signatures)
      if (!list.some(({ hash }) => chain?.asides.get(seq)?.some((aside) => aside.hash === hash)))
        fault('signed-other', list[0]?.hash ?? '', { ...at, seq });
    chain = null;
  };

  const takeWriter = (line: LineOf<'writer'>): void => {
    closeChain();
    seen.add(line.writer);
    const claims = claimsOf(line.writer);
    const from = line.from ?? 1;
    const anchor = claims.find(({ seq }) => seq === from - 1);
    if (anchor !== undefined && line.before !== null && anchor.hash !== line.before)
      fault('head-other', anchor.day, { writer: line.writer, seq: from - 1 });
    const owedFrom = claims.filter(({ day }) => head !== null && day < head.from).at(-1)?.seq ?? 0;
    if (line.from !== null && owedFrom > 0 && line.from > owedFrom + 1)
      fault('missing', '', { writer: line.writer, seq: owedFrom + 1, toSeq: line.from - 1 });
    if (line.from !== null) report.writers += 1;
    if (line.from !== null && from > 1 && anchor === undefined) report.loose += 1;
    chain = {
      line,
      claims,
      last: from - 1,
      lastId: null,
      signatures: new Map(),
      asides: new Map(),
      signedTo: from - 1,
      hash: from === 1 ? genesisHash(line.writer) : (anchor?.hash ?? line.before),
    };
  };

  const takeSignature = (line: LineOf<'signature'>): void => {
    if (chain === null || chain.line.writer !== line.writer) {
      fault('export', 'signature', line);
      return;
    }
    report.signatures += 1;
    if (line.holding === 'passed-on') report.passedOn += 1;
    const { writer, seq, hash, holding, station, epoch } = line;
    const key = keys.get(line.keyId);
    const text = batchText({ station, epoch, writer, end: { seq, hash }, holding });
    const isGood =
      key !== undefined &&
      key.station === station &&
      station === chain.line.owner &&
      line.receivedMs >= key.createdMs - limits.skewMs &&
      hasSigned(key.publicKey, text, line.signature);
    if (!isGood) fault('signature', line.keyId, { writer, seq });
    const list = chain.signatures.get(seq) ?? [];
    list.push(line);
    chain.signatures.set(seq, list);
    if (isGood) chain.signedTo = Math.max(chain.signedTo, seq);
  };

  const takeEntry = (line: LineOf<'entry'>): void => {
    if (chain === null || chain.line.writer !== line.writer) {
      fault('export', 'entry', { ...line, kind: 'export' });
      return;
    }
    report.entries += 1;
    const { writer, seq, entryId, hash } = line;
    const at = { writer, seq, entryId };
    if (seq <= chain.last) {
      fault('order', '', at);
      return;
    }
    const before: (string | null)[] = seq === chain.last + 1 ? [chain.hash] : [];
    for (const aside of chain.asides.get(seq - 1) ?? []) before.push(aside.hash);
    let gap = chain.last + 1;
    while (gap < seq && chain.asides.has(gap)) gap += 1;
    if (gap < seq) fault('missing', '', { writer, seq: gap, toSeq: seq - 1 });
    else if (
      before.some((one) => one !== null) &&
      !before.some((one) => one !== null && chainHash(one, line.bytes) === hash)
    )
      fault('changed', '', at);
    const claim = chain.claims.find((one) => one.seq === seq && one.hash !== hash);
    if (claim !== undefined) fault('head-other', claim.day, at);
    const covering = chain.claims.find((one) => one.seq >= seq);
    if (covering !== undefined && line.receivedMs > covering.madeMs + limits.skewMs)
      fault('receipt-time', covering.day, at);
    const signed = chain.signatures.get(seq);
    if (signed?.some((one) => one.hash !== hash)) fault('signed-other', '', at);
    chain.signatures.delete(seq);
    for (const old of chain.asides.keys()) if (old < seq - 1) chain.asides.delete(old);
    chain.last = seq;
    chain.hash = hash;
    chain.lastId = entryId;
    takeTime(line);
  };

  const takeTime = (line: LineOf<'entry'>): void => {
    const born = bornMs(line.bytes);
    const ms = born === null ? 0 : line.receivedMs - born;
    if (ms <= limits.lateMs) return;
    report.late += 1;
    if (ms > (report.latest?.ms ?? 0))
      report.latest = { writer: line.writer, seq: line.seq, entryId: line.entryId, ms };
  };

  const takeAside = (line: LineOf<'aside'>): void => {
    report.asides += 1;
    const raw = createHash('sha256').update(Buffer.from(line.raw, 'base64')).digest('hex');
    if (chain === null || chain.line.writer !== line.writer || raw !== line.rawSha256) {
      fault('changed', line.why, { writer: line.writer, seq: line.seq, entryId: line.entryId });
      return;
    }
    const list = chain.asides.get(line.seq) ?? [];
    list.push(line);
    chain.asides.set(line.seq, list);
  };

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
        takeWriter(line);
        break;
      case 'signature':
        takeSignature(line);
        break;
      case 'entry':
        takeEntry(line);
        break;
      case 'aside':
        takeAside(line);
        break;
      case 'station':
        break;
      default:
        line satisfies never;
    }
  }
  closeChain();
  if (!ended) fault('export', 'end');
  report.heads = book.heads.size;
  for (const { log, number } of [...(elsewhere?.faults ?? []), ...book.faults]) fault('head', `${log} ${number}`);
  for (const [keyId, publicKey] of [...(elsewhere?.keys ?? []), ...book.keys])
    if (keys.get(keyId)?.publicKey !== publicKey) fault('key', keyId);
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

/** Birth by the hub's clock, as far as the station knew it; null when the bytes cannot be read. */
function bornMs(bytes: string): number | null {
  try {
    const value: unknown = JSON.parse(bytes);
    if (typeof value !== 'object' || value === null || !('wallMs' in value) || typeof value.wallMs !== 'number')
      return null;
    const offset = 'hubOffsetMs' in value && typeof value.hubOffsetMs === 'number' ? value.hubOffsetMs : 0;
    return value.wallMs + offset;
  } catch {
    return null; // told already: its hash does not hold
  }
}
