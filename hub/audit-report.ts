// What an audit finds: the kinds of fault, and the counts that say what is proven and what is not. Made by audit.ts and
// audit-chain.ts, told by audit-main.ts.

export const limits = { faults: 1_000 } as const;

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

/** Nothing read yet. */
export function emptyReport(headsElsewhere: boolean): AuditReport {
  return {
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
    headsElsewhere,
  };
}

/** Adds a fault, up to a bound; answers nothing. */
export type TellFault = (kind: FaultKind, what: string, at?: Partial<AuditFault>) => void;
