// What a row of the benchmarks says, and how it is printed: the project beside its peers and the limit, in ratios. Called by
// main.ts and by every row.

export type Line = { name: string; value: number; unit: string; note?: string };
/** `ratio`: measured; `most`/`least`: the goal of performance.md. */
export type Goal = { what: string; ratio: number; most?: number; least?: number };
export type Row = { name: string; title: string; lines: Line[]; goals: Goal[] };

export const isMet = ({ ratio, most, least }: Goal): boolean =>
  Number.isFinite(ratio) && (most === undefined || ratio <= most) && (least === undefined || ratio >= least);

const figure = (value: number): string =>
  value >= 1_000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);

export function printed({ title, lines, goals }: Row): string {
  const width = Math.max(...lines.map((line) => line.name.length));
  return [
    `\n## ${title}`,
    ...lines.map(
      ({ name, value, unit, note }) =>
        `  ${name.padEnd(width)}  ${figure(value).padStart(8)} ${unit}${note ? `  (${note})` : ''}`,
    ),
    ...goals.map((goal) => {
      const asked = goal.most !== undefined ? `at most ${goal.most}` : `at least ${goal.least}`;
      return `  ${isMet(goal) ? 'ok    ' : 'MISSED'} ${goal.what}: ${goal.ratio.toFixed(2)}, ${asked}`;
    }),
  ].join('\n');
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export const p99 = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * 0.99))] ?? Number.NaN;
