// `npm run crash -- --rounds N [--seed S]`: kill -9 of the bridge, of Chromium and of the hub in mid-passage, N times each,
// with two starts after each; then every passage that the screen had shown as saved is looked for in the journal and at the hub.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { genesisHash, hashOf } from '../../src/domain/chain.ts';
import { type Campus, cardOf, createCampus, objectOf, waitForScreen } from '../kit/campus.ts';
import type { Browser } from '../kit/chromium.ts';
import { until } from '../kit/programs.ts';
import { numberArgument, seededRandom } from './seeded.ts';

const rounds = numberArgument('rounds', 20);
const seed = numberArgument('seed', Date.now() % 1_000_000);
const random = seededRandom(seed);
const targets = ['bridge', 'chromium', 'hub'] as const;
type Target = (typeof targets)[number];

/** Passages whose screen said `admit` and `saved`, by the number of the card. */
const saved = new Set<number>();
let current = 0;
let gate: Browser;

/** Watches the root element from inside the page; what it saw leaves the page before anybody can be killed for it. */
async function openWatchedGate(campus: Campus): Promise<Browser> {
  const opened = await campus.openGate();
  await opened.page.exposeFunction('tell', (screen: string, state: string) => {
    if (screen === 'admit' && state === 'saved') saved.add(current);
  });
  await opened.page.locator('main[data-screen]').waitFor();
  await opened.page.evaluate(() => {
    const root = document.querySelector('main');
    if (!root) throw new Error('no main');
    const tell = Reflect.get(window, 'tell') as (screen: string, state: string) => void;
    new MutationObserver(() => tell(root.dataset.screen ?? '', root.dataset.saved ?? '')).observe(root, {
      attributes: true,
    });
  });
  return opened;
}

/** All processes of Chromium on this campus's gate profile, killed at once. */
function killChromium(campus: Campus): void {
  const mark = join(campus.folder, 'gate-profile');
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (readFileSync(join('/proc', name, 'cmdline'), 'latin1').includes(`--user-data-dir=${mark}`))
        process.kill(Number(name), 'SIGKILL');
    } catch (error) {
      // Processes come and go while /proc is read.
      if (!(error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH', 'EACCES'].includes(String(error.code))))
        throw error;
    }
  }
}

async function killAndStartTwice(campus: Campus, target: Target): Promise<void> {
  switch (target) {
    case 'bridge':
      await campus.bridge.kill();
      await campus.startBridge();
      await campus.bridge.stop();
      await campus.startBridge();
      return;
    case 'hub':
      await campus.hub.kill();
      await campus.startHub();
      await campus.hub.stop();
      await campus.startHub();
      return;
    case 'chromium':
      killChromium(campus);
      await gate.close().catch(() => undefined); // it is dead already
      gate = await openWatchedGate(campus);
      await waitForScreen(gate, 'idle', 30_000);
      await gate.close();
      gate = await openWatchedGate(campus);
      return;
    default:
      target satisfies never;
  }
}

function journalEntries(campus: Campus): Map<string, number> {
  const counts = new Map<string, number>();
  const visit = (folder: string) => {
    for (const item of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, item.name);
      if (item.isDirectory()) visit(path);
      else if (/journal|segment|\d{4}-\d{2}-\d{2}/.test(path)) {
        for (const found of readFileSync(path, 'utf8').matchAll(/"entryId":"([0-9a-f-]{36})"/g)) {
          if (found[1]) counts.set(found[1], (counts.get(found[1]) ?? 0) + 1);
        }
      }
    }
  };
  visit(join(campus.folder, 'bridge'));
  return counts;
}

type Row = { entry_id: string; writer_id: string; seq: string; hash: string; bytes: string; kind: string };

async function judge(campus: Campus) {
  const rows = await campus.query<Row>(
    'select entry_id, writer_id, seq, hash, bytes, kind from entries order by writer_id, seq',
  );
  const journal = journalEntries(campus);
  const byPerson = new Map<string, Row[]>();
  let gaps = 0;
  let brokenChains = 0;
  let previous: { writer: string; seq: number; hash: string } | null = null;
  for (const row of rows) {
    const before: { seq: number; hash: string } =
      previous?.writer === row.writer_id ? previous : { seq: 0, hash: genesisHash(row.writer_id) };
    if (Number(row.seq) !== before.seq + 1) gaps++;
    else if (hashOf(before.hash, row.bytes) !== row.hash) brokenChains++;
    previous = { writer: row.writer_id, seq: Number(row.seq), hash: row.hash };
    const entry = JSON.parse(row.bytes);
    if (entry.kind === 'check' && entry.verdict === 'admit')
      byPerson.set(entry.personId, [...(byPerson.get(entry.personId) ?? []), row]);
  }
  const idOf = (n: number) => `T${String(n).padStart(5, '0')}`;
  const lostAtHub = [...saved].filter((n) => !byPerson.has(idOf(n)));
  const twiceAtHub = [...byPerson].filter(([, found]) => found.length > 1).map(([person]) => person);
  const lostInJournal = [...saved].filter((n) => !byPerson.get(idOf(n))?.some((row) => journal.has(row.entry_id)));
  const twiceInJournal = [...journal.values()].filter((count) => count > 1).length;
  return {
    rows: rows.length,
    shownSaved: saved.size,
    lostAtHub,
    twiceAtHub,
    lostInJournal,
    twiceInJournal,
    gaps,
    brokenChains,
  };
}

console.log(`每种进程 ${rounds} 轮，随机种子 ${seed} · ${rounds} rounds for each process, seed ${seed}`);
const campus = await createCampus({ people: rounds * targets.length * 3 + 10, hz: 30, tapFrames: 1 });
let failed = false;
try {
  gate = await openWatchedGate(campus);
  await until(
    'the roster is on the gate',
    async () => (await gate.page.locator('[data-testid="hub"]').getAttribute('data-state')) === 'online',
  );
  campus.rig.look(objectOf(3650));
  for (const target of targets) {
    for (let round = 1; round <= rounds; round++) {
      // One whole passage, then one that is cut at a random instant between the tap and a little after the verdict.
      for (const cut of [false, true]) {
        current++;
        const n = current;
        campus.rig.barrier.forget();
        campus.rig.tap(cardOf(n).uid);
        if (cut) await sleep(random() * 250);
        else await until(`passage ${n} saved`, () => saved.has(n), 30_000);
      }
      await killAndStartTwice(campus, target);
      await waitForScreen(gate, 'idle', 60_000);
      await until(
        'the thermometer is back',
        async () => (await gate.page.locator('main').getAttribute('data-screen')) === 'idle',
        30_000,
      );
      if (round % 5 === 0) console.log(`${target}: ${round}/${rounds}`);
    }
  }
  await until(
    'the queue is empty',
    async () => (await gate.page.locator('[data-testid="queue"]').innerText()) === '0',
    120_000,
  );
  const result = await judge(campus);
  console.log(JSON.stringify(result));
  failed =
    result.lostAtHub.length +
      result.twiceAtHub.length +
      result.lostInJournal.length +
      result.twiceInJournal +
      result.gaps +
      result.brokenChains >
    0;
  console.log(
    failed
      ? '有记录丢失、重复或断链，见上 · entries were lost, doubled or unchained, see above'
      : `没有丢失，没有重复 · ${result.shownSaved} saved passages, none lost, none twice, no gap, every chain holds`,
  );
} finally {
  await campus.close();
}
process.exit(failed ? 1 : 0);
