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
  /** Hashes of `last` behind which the next place may stand; none where they are not known. */
  ends: string[];
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

/**
 * `span`: the days of the export, null before its first line; `isHeaded`: a head is older than those; `report` and `fault` take
 * what is found.
 */
export function chainAudit(parts: {
  report: AuditReport;
  fault: TellFault;
  keys: ReadonlyMap<string, LineOf<'key'>>;
  claimsOf(writer: string): Claim[];
  isHeaded(): boolean;
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
    const missingFrom = passAsides(chain, owed + 1);
    if (missingFrom <= owed) fault('tail-cut', '', { ...at, seq: missingFrom, toSeq: owed });
    const isSigned = line.owner !== null && !line.owner.startsWith('hub-');
    if (isSigned && line.to !== null && last > signedTo)
      fault('unsigned', '', { ...at, seq: signedTo + 1, toSeq: last, entryId: chain.lastId });
    if (!isSigned && line.from !== null) report.unsigned += Math.max(0, last - line.from + 1);
    const headed = claims.at(-1)?.seq ?? 0;
    if (line.from !== null) report.afterHeads += Math.max(0, last - Math.max(headed, line.from - 1));
    for (const [seq, list] of chain.signatures) fault('signed-other', list[0]?.hash ?? '', { ...at, seq });
    chain = null;
  };

  /** Goes on over what holds the places behind the last entry, up to `seq`; answers the first that nothing holds, or `seq`. */
  const passAsides = (at: Chain, seq: number): number => {
    let place = at.last + 1;
    for (; place < seq && at.asides.has(place); place++) {
      const held = at.asides.get(place) ?? [];
      const proven = held.filter((aside) => isProven(aside, at.ends));
      // Bytes that do not make the hash stand for nothing: anything may have lain there.
      if (proven.length === 0 && at.ends.length > 0)
        fault('changed', held[0]?.why ?? '', { writer: at.line.writer, seq: place, entryId: held[0]?.entryId ?? null });
      const signed = at.signatures.get(place);
      if (signed?.some(({ hash }) => !held.some((aside) => aside.hash === hash)) === false) at.signatures.delete(place);
      at.ends = (proven.length > 0 ? proven : held).flatMap(({ hash }) => hash ?? []);
      at.asides.delete(place);
    }
    return place;
  };

  const takeWriter = (line: LineOf<'writer'>): void => {
    closeChain();
    const head = parts.span();
    const claims = claimsOf(line.writer);
    const from = line.from ?? 1;
    const anchor = claims.find(({ seq }) => seq === from - 1);
    if (anchor !== undefined && line.before !== null && anchor.hash !== line.before)
      fault('head-other', anchor.day, { writer: line.writer, seq: from - 1 });
    const owedFrom = head === null ? Number.POSITIVE_INFINITY : owedBehind(claims, head, parts.isHeaded());
    if (line.from !== null && line.from > owedFrom + 1)
      fault('missing', '', { writer: line.writer, seq: owedFrom + 1, toSeq: line.from - 1 });
    if (line.from !== null) report.writers += 1;
    if (line.from !== null && from > 1 && anchor === undefined) report.loose += 1;
    const before = from === 1 ? genesisHash(line.writer) : (anchor?.hash ?? line.before);
    chain = {
      line,
      claims,
      last: from - 1,
      lastId: null,
      signatures: new Map(),
      asides: new Map(),
      signedTo: from - 1,
      ends: before === null ? [] : [before],
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
      line.receivedMs <= (key.endedMs ?? line.receivedMs) + limits.skewMs &&
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
    const gap = passAsides(chain, seq);
    if (gap < seq) {
      fault('missing', '', { writer, seq: gap, toSeq: seq - 1 });
      chain.ends = (chain.asides.get(seq - 1) ?? []).flatMap((aside) => aside.hash ?? []);
    }
    const { ends } = chain;
    if (ends.length > 0 && !ends.some((one) => chainHash(one, line.bytes) === hash)) fault('changed', '', at);
    const claim = chain.claims.find((one) => one.seq === seq && one.hash !== hash);
    if (claim !== undefined) fault('head-other', claim.day, at);
    const covering = chain.claims.find((one) => one.seq >= seq);
    if (covering !== undefined && line.receivedMs > covering.madeMs + limits.skewMs)
      fault('receipt-time', covering.day, at);
    const signed = chain.signatures.get(seq);
    if (signed?.some((one) => one.hash !== hash)) fault('signed-other', '', at);
    chain.signatures.delete(seq);
    const beside = (chain.asides.get(seq) ?? []).filter((aside) => isProven(aside, ends));
    for (const old of chain.asides.keys()) if (old <= seq) chain.asides.delete(old);
    chain.last = seq;
    chain.ends = [hash, ...beside.flatMap((aside) => aside.hash ?? [])];
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

/** Behind which place an export of these days must hold a writer, as far as heads tell: infinite when they tell nothing of it. */
function owedBehind(claims: readonly Claim[], { from, to }: LineOf<'export'>, isHeaded: boolean): number {
  const before = claims.filter(({ day }) => day < from).at(-1)?.seq;
  const within = claims.find(({ day }) => day >= from && day <= to)?.seq;
  return before ?? (isHeaded ? 0 : (within ?? Number.POSITIVE_INFINITY));
}

/** Whether what was set aside carries the very bytes that make its hash behind one of `ends`. */
function isProven({ raw, hash }: LineOf<'aside'>, ends: readonly string[]): boolean {
  const bytes = bytesIn(Buffer.from(raw, 'base64').toString('utf8'));
  return bytes !== null && ends.some((end) => chainHash(end, bytes) === hash);
}

/** The entry's bytes in an envelope as it was kept; null where there are none. */
function bytesIn(raw: string): string | null {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'object' && value !== null && 'bytes' in value && typeof value.bytes === 'string'
      ? value.bytes
      : null;
  } catch {
    return null; // no JSON: it proves nothing
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
