// CSV that a spreadsheet opens without running anything: called by whatever exports a table.

/** UTF-8 with a mark by which spreadsheets know it. */
const byteOrderMark = '\ufeff';

/**
 * Rows as CSV text: a byte order mark, CRLF, every cell in quotes where it needs them. A cell that a spreadsheet would take for a
 * formula begins with an apostrophe, which it shows as text; numbers given as numbers stay numbers.
 */
export function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
  return byteOrderMark + rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
}

/** One cell as text that is no formula: what begins with = + - @ or a control character, also behind blanks, gets an apostrophe. */
export function guarded(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: tabs and line breaks before a formula are what is looked for
  return /^[\s\u0000-\u001f\ufeff\u200b]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\u0000-\u001f]/.test(value)
    ? `'${value}`
    : value;
}

function cellOf(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = guarded(value);
  return /[",;\r\n\t']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
