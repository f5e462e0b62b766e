// A row of the paper form that was kept during a power cut, as the `check` entry that it becomes when it is typed in later. Pure;
// called by the bridge for the settings page.
import type { CheckBody } from './entry.ts';
import type { Direction } from './passage.ts';
import type { Policy } from './policy.ts';
import type { Method, Tenths } from './reading.ts';
import type { Reason, Verdict } from './verdict.ts';

/** What the guard wrote: let go on, kept aside, or turned back. */
export const paperResults = ['passed', 'aside', 'turned-back'] as const;
export type PaperResult = (typeof paperResults)[number];

export type PaperRow = {
  /** When it happened, by the paper. */
  atWallMs: number;
  /** Card number or student number as it was written. */
  number: string;
  tenths: Tenths;
  method: Method;
  result: PaperResult;
};

type Ruled = { verdict: Verdict; reason: Reason; raisesCase: boolean };

/** A fever is a referral whatever the paper says; what is low is never an admission; the rest is what the guard wrote. */
export function ruledPaper({ tenths, result }: Pick<PaperRow, 'tenths' | 'result'>, policy: Policy): Ruled {
  if (tenths >= policy.feverTenths)
    return { verdict: 'refer', reason: tenths >= policy.urgentTenths ? 'urgent' : 'fever', raisesCase: true };
  if (tenths < policy.lowTenths) return { verdict: 'again', reason: 'low', raisesCase: false };
  if (result === 'turned-back') return { verdict: 'deny', reason: 'refused', raisesCase: false };
  if (result === 'aside') return { verdict: 'hold', reason: 'unknown-card', raisesCase: false };
  return {
    verdict: 'admit',
    reason: tenths >= policy.borderlineTenths ? 'borderline' : 'normal',
    raisesCase: false,
  };
}

/** The entry of one row. `nowWallMs` and `typedBy`: when and by whom it was typed in. It opens no barrier (may-pulse.ts). */
export function paperCheck(
  row: PaperRow,
  typing: { nowWallMs: number; typedBy: string; passageId: string; direction: Direction; caseNo: string },
  policy: Policy,
): CheckBody {
  const { verdict, reason, raisesCase } = ruledPaper(row, policy);
  const centiCelsius = row.tenths * 10;
  return {
    kind: 'check',
    passageId: typing.passageId,
    direction: typing.direction,
    card: { uid: null, printed: row.number },
    personId: null,
    verdict,
    reason,
    shownTenths: row.tenths,
    raisesCase,
    caseNo: raisesCase ? typing.caseNo : null,
    readings: [
      {
        centiCelsius,
        site: row.method === 'contact' ? 'axillary' : 'forehead',
        mode: row.method === 'contact' ? 'contact' : 'forehead',
        method: row.method,
        manual: true,
        typedBy: typing.typedBy,
        deviceId: 'paper',
        offsetCentiCelsius: 0,
        ageMs: Math.max(0, Math.round(typing.nowWallMs - row.atWallMs)),
        samples: [],
      },
    ],
    tries: 1,
    policyVersion: policy.version,
    ambientTenths: null,
    baselineTenths: null,
    rosterVersion: 0,
    orderDay: null,
    paper: { atWallMs: row.atWallMs, typedBy: typing.typedBy },
  };
}
