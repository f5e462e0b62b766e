// A column pasted from a spreadsheet as rows to look at before anything is entered: whose value each would be, and what is wrong
// with it. Pure; a formula is text like any other and is never evaluated. Called by the rounds controller.

export const limits = { rows: 500, cells: 16, cellChars: 60, pasteChars: 100_000 } as const;

/** `personId` is the student or staff number. */
export type PasteBed = { personId: string; name: string };
export type PastedRow = {
  /** The row as it came, cut to what fits the preview. */
  text: string;
  personId: string | null;
  tenths: number | null;
  state: 'good' | 'no-value' | 'no-person' | 'twice';
};
export type Pasted = { rows: readonly PastedRow[] /** Rows left out because there were too many. */; cut: number };

/**
 * One row each line. A row that names a student number, or a name that only one resident has, is that person's; any other row
 * takes the next bed of `beds` (an empty line leaves its bed out, a heading above the first value takes none).
 */
export function pastedRows(text: string, beds: readonly PasteBed[], everybody: readonly PasteBed[]): Pasted {
  const lines = text.slice(0, limits.pasteChars).replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n');
  const byNumber = new Map(everybody.map((bed) => [bed.personId, bed.personId]));
  const byName = unique(everybody);
  const seen = new Set<string>();
  const rows: PastedRow[] = [];
  let at = 0;
  for (const line of lines.slice(0, limits.rows)) {
    const cells = line.split('\t').slice(0, limits.cells).map(plain);
    const named = cells.map((cell) => byNumber.get(cell) ?? byName.get(cell)).find((id) => id !== undefined);
    const values = cells.map(tenthsIn).filter((value) => value !== null);
    const tenths = values.at(-1) ?? null;
    const isHeading = tenths === null && rows.every((row) => row.tenths === null) && cells.some((cell) => cell !== '');
    const takesBed = named === undefined && !isHeading;
    const personId = named ?? (takesBed ? (beds[at]?.personId ?? null) : null);
    if (takesBed) at++;
    const isTwice = personId !== null && tenths !== null && seen.has(personId);
    if (personId !== null && tenths !== null) seen.add(personId);
    const state = tenths === null ? 'no-value' : personId === null ? 'no-person' : isTwice ? 'twice' : 'good';
    rows.push({ text: cells.join(' ').slice(0, limits.cellChars), personId, tenths, state });
  }
  return { rows, cut: Math.max(0, lines.length - limits.rows) };
}

function plain(cell: string): string {
  return cell.normalize('NFKC').replace(/^"|"$/g, '').trim().slice(0, limits.cellChars);
}

/** '36.4', '36.4℃' (NFKC has made '°C' of the sign) or '364' in tenths; null for anything else, a formula above all. */
export function tenthsIn(cell: string): number | null {
  const found = /^(\d{2})\.?(\d)(?:0*)\s*(?:°?[cC])?$/.exec(cell);
  return found === null ? null : Number(`${found[1]}${found[2]}`);
}

function unique(beds: readonly PasteBed[]): Map<string, string> {
  const found = new Map<string, string>();
  const twice = new Set<string>();
  for (const { name, personId } of beds) {
    if (found.has(name)) twice.add(name);
    found.set(name, personId);
  }
  for (const name of twice) found.delete(name);
  return found;
}
