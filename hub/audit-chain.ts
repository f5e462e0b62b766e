// The auditor's view of the chains: each writer's entries in their order, held against the chain itself, the signatures over it,
// what was set aside and what signed heads claim of it. Called by audit.ts, a line of the export at a time.
import { createHash } from 'node:crypto';
import type { LineOf } from '../src/contracts/evidence.ts';
import { genesisHash } from '../src/domain/chain.ts';
import { batchText } from '../src/domain/evidence.ts';
import type { Claim } from './audit-heads.ts';
import type { AuditReport, TellFault } from './audit-report.ts';
import { hasSigned } from './station-keys.ts';
import { chainHash } from './upload-check.ts';

export const limits = { lateMs: 900_000, skewMs: 60_000 } as const;

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

export type ChainAudit = {
  takeWriter(line: LineOf<'writer'>): void;
  takeSignature(line: LineOf<'signature'>): void;
  takeEntry(line: LineOf<'entry'>): void;
  takeAside(line: LineOf<'aside'>): void;
  /** After the last line of a chain: what is still owed to it. */
  closeChain(): void;
};

/** `span`: the days of the export, null before its first line; `report` and `fault` take what is found. */
export function chainAudit(parts: {
  report: AuditReport;
  fault: TellFault;
  keys: ReadonlyMap<string, LineOf<'key'>>;
  claimsOf(writer: string): Claim[];
  span(): LineOf<'export'> | null;
}): ChainAudit {
  const { report, fault, keys, claimsOf } = parts;
  let chain: Chain | null = null;

  const closeChain = (): void => {
    if (chain === null) return;
    const head = parts.span();
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
    const head = parts.span();
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

  return { takeWriter, takeSignature, takeEntry, takeAside, closeChain };
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
