// `npm run bench [-- NAME ...] [--json]`: every hot path beside its limit and its peers, in one run, as ratios. Exits with 1
// when a goal is missed, 2 on an unknown name. Started by bench/run.mjs.

import { fanOutRow } from './rows/fan-out.ts';
import { ingestRow } from './rows/ingest.ts';
import { drainRow, rosterRow, storeRow } from './rows/page.ts';
import { passageRow } from './rows/passage.ts';
import { weightRow } from './rows/weight.ts';
import { isMet, printed, type Row } from './table.ts';

const rows: Record<string, () => Promise<Row>> = {
  store: storeRow,
  passage: passageRow,
  drain: drainRow,
  ingest: ingestRow,
  'fan-out-100': () => fanOutRow(100),
  'fan-out-1000': () => fanOutRow(1_000),
  weight: weightRow,
  roster: rosterRow,
};

const asked = process.argv.slice(2).filter((word) => word !== '--json');
const json = process.argv.includes('--json');
const unknown = asked.filter((name) => !(name in rows));
if (unknown.length > 0) {
  console.error(`没有这一项 ${unknown.join(' ')}：可选 ${Object.keys(rows).join(' ')}`);
  console.error(`No row ${unknown.join(' ')}: there are ${Object.keys(rows).join(' ')}`);
  process.exit(2);
}
const done: Row[] = [];
for (const [name, run] of Object.entries(rows)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.error(`正在测 · measuring ${name}`);
  const row = await run();
  done.push(row);
  if (!json) console.log(printed(row));
}
if (json) console.log(JSON.stringify(done));
const missed = done.flatMap(({ name, goals }) =>
  goals.filter((goal) => !isMet(goal)).map(({ what }) => `${name}: ${what}`),
);
if (!json)
  console.log(
    missed.length === 0 ? '\n全部达到 · every goal is reached' : `\n未达到 · missed\n  ${missed.join('\n  ')}`,
  );
process.exit(missed.length === 0 ? 0 : 1);
