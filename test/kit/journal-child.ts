// A process that appends to a journal until it is killed, printing each entry only after it was answered. Built and started by
// the journal's kill test.

import { openJournal } from '../../device/journal.ts';
import { lockFolder } from '../../device/journal-lock.ts';
import { nextEntry } from '../device/journal-kit.ts';

const [dir = '', writerId = ''] = process.argv.slice(2);
await lockFolder(dir);
const journal = await openJournal({ dir, wallMs: Date.now, report: () => undefined });
const head = journal.head(writerId);
let last = head === null ? null : ((await journal.read(writerId, head.seq, 1))[0] ?? null);
process.stdout.write('ready\n');
for (;;) {
  const burst = [];
  for (let i = 0; i < 1 + Math.floor(Math.random() * 5); i++) {
    last = nextEntry(writerId, last);
    burst.push(last);
  }
  const answers = await Promise.all(burst.map((entry) => journal.append(entry)));
  for (const [nth, entry] of burst.entries()) process.stdout.write(`${answers[nth]} ${entry.seq} ${entry.hash}\n`);
}
