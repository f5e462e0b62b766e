// Kills in mid-passage and what they cost: the campus, the victims, two starts after each, and the judgement over journal and hub.
// Called by crash (processes) and powercut (the file system under them).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { genesisHash, hashOf } from '../../src/domain/chain.ts';
import { type Campus, cardOf, createCampus, objectOf, waitForRoster, waitForScreen } from '../kit/campus.ts';
import type { Browser } from '../kit/chromium.ts';
import { until } from '../kit/programs.ts';
import { seededRandom } from './seeded.ts';

export const victims = ['bridge', 'chromium', 'hub', 'database', 'power'] as const;
export type Victim = (typeof victims)[number];
export type KillOptions = {
  victims: readonly Victim[];
  rounds: number;
  seed: number;
  /** Takes the file system away under everything and brings it back; for the victim `power`. */
  cutPower?: (campus: Campus, killAll: () => Promise<void>) => Promise<void>;
  /** After the first start, before the first round. */
  onReady?: (campus: Campus) => void;
};
export type VictimFigures = {
  victim: Victim;
  rounds: number;
  saved: number;
  lost: number;
  twice: number;
  seconds: number;
};

/** Card numbers of each victim's rounds. */
const cardsOf = new Map<Victim, number[]>();
/** Passages whose screen said `admit` and `saved`, by the number of the card. */
const saved = new Set<number>();
let current = 0;
let gate: Browser;
let random: () => number = Math.random;

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

async function startTwice(start: () => Promise<void>, stop: () => Promise<unknown>): Promise<void> {
  await start();
  await stop();
  await start();
}

async function openTwice(campus: Campus): Promise<void> {
  await gate.close().catch(() => undefined); // it is dead already
  await startTwice(
    async () => {
      gate = await openWatchedGate(campus);
      await waitForScreen(gate, 'idle', 60_000);
    },
    () => gate.close(),
  );
}

/** Process numbers of the hub's own PostgreSQL: the postmaster first, then its children. */
function databasePids(campus: Campus): number[] {
  const { dataDir } = JSON.parse(readFileSync(join(campus.folder, 'hub', 'database.json'), 'utf8'));
  const postmaster = Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const children = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const stat = readFileSync(join('/proc', name, 'stat'), 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === postmaster;
    } catch (error) {
      if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code))) return false;
      throw error;
    }
  });
  return [postmaster, ...children.map(Number)];
}

function killPids(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/** Every other round a single process of the database: its postmaster then starts all others anew under a living hub. */
async function killDatabase(campus: Campus, round: number): Promise<void> {
  const [postmaster, ...children] = databasePids(campus);
  if (postmaster === undefined) throw new Error('no postmaster');
  if (round % 2 === 0 && children.length > 0) {
    killPids([children[Math.floor(random() * children.length)] ?? postmaster]);
    await until('the hub has its database back', async () => (await fetch(`${campus.hubUrl}/healthz`)).ok, 60_000);
    return;
  }
  killPids([postmaster, ...children]);
  await sleep(random() * 500);
  await campus.hub.kill();
  await startTwice(
    () => campus.startHub(),
    () => campus.hub.stop(),
  );
}

async function killAll(campus: Campus, database: readonly number[]): Promise<void> {
  killChromium(campus);
  killPids(database);
  await Promise.all([campus.hub.kill(), campus.bridge.kill()]);
  await gate.close().catch(() => undefined); // killed above
}

async function killAndStartTwice(campus: Campus, victim: Victim, round: number, options: KillOptions): Promise<void> {
  switch (victim) {
    case 'bridge':
      await campus.bridge.kill();
      return startTwice(
        () => campus.startBridge(),
        () => campus.bridge.stop(),
      );
    case 'hub':
      await campus.hub.kill();
      return startTwice(
        () => campus.startHub(),
        () => campus.hub.stop(),
      );
    case 'database':
      return killDatabase(campus, round);
    case 'chromium':
      killChromium(campus);
      return openTwice(campus);
    case 'power': {
      if (options.cutPower === undefined) throw new Error('no way to cut the power');
      // Read before: nothing can be read from a disk that has gone.
      const database = databasePids(campus);
      await options.cutPower(campus, () => killAll(campus, database));
      await startTwice(
        () => campus.startHub(),
        () => campus.hub.stop(),
      );
      await startTwice(
        () => campus.startBridge(),
        () => campus.bridge.stop(),
      );
      return openTwice(campus);
    }
    default:
      return victim satisfies never;
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

/** Runs everything, prints a line every few rounds and the figures at the end; false when anything was lost, doubled or unchained. */
export async function runKills(options: KillOptions): Promise<boolean> {
  const { rounds, seed } = options;
  random = seededRandom(seed);
  console.log(
    `每种 ${rounds} 轮，随机种子 ${seed} · ${rounds} rounds of each, seed ${seed}: ${options.victims.join(', ')}`,
  );
  const campus = await createCampus({ people: rounds * options.victims.length * 3 + 10, hz: 30, tapFrames: 1 });
  const seconds = new Map<Victim, number>();
  try {
    gate = await openWatchedGate(campus);
    await waitForRoster(gate);
    campus.rig.look(objectOf(3650));
    options.onReady?.(campus);
    for (const victim of options.victims) {
      const startedMs = performance.now();
      for (let round = 1; round <= rounds; round++) {
        await oneRound(campus, victim, round, options);
        if (round % 5 === 0 || round === rounds) console.log(`${victim}: ${round}/${rounds}`);
      }
      seconds.set(victim, Math.round((performance.now() - startedMs) / 1_000));
    }
    await until(
      'the queue is empty',
      async () => (await gate.page.locator('[data-testid="queue"]').innerText()) === '0',
      120_000,
    );
    return tellResult(await judge(campus), options, seconds);
  } catch (error) {
    // Told here: what follows may fail too when the disk has gone.
    console.error(error);
    throw error;
  } finally {
    await campus.close();
  }
}

/** One whole passage, then one that is cut at a random instant between the tap and a little after the verdict. */
async function oneRound(campus: Campus, victim: Victim, round: number, options: KillOptions): Promise<void> {
  for (const cut of [false, true]) {
    current++;
    const n = current;
    cardsOf.set(victim, [...(cardsOf.get(victim) ?? []), n]);
    campus.rig.barrier.forget();
    campus.rig.tap(cardOf(n).uid);
    if (cut) await sleep(random() * 250);
    else await until(`passage ${n} saved`, () => saved.has(n), 30_000);
  }
  await killAndStartTwice(campus, victim, round, options);
  await waitForScreen(gate, 'idle', 60_000).catch(async (error: unknown) => {
    const main = gate.page.locator('main');
    const stands = `${await main.getAttribute('data-screen')}: ${(await main.innerText()).replace(/\s+/g, ' ')}`;
    throw new Error(
      `${victim}, round ${round}: the gate is not idle after 60 s; it stands at ${stands}\n${campus.bridge.lines.slice(-20).join('\n')}`,
      {
        cause: error,
      },
    );
  });
  // A page that has only just come up may not hear a tap yet, or not know whose it is.
  await waitForRoster(gate);
}

function tellResult(
  result: Awaited<ReturnType<typeof judge>>,
  options: KillOptions,
  seconds: ReadonlyMap<Victim, number>,
): boolean {
  const lost = new Set([...result.lostAtHub, ...result.lostInJournal]);
  const twice = new Set(result.twiceAtHub);
  const idOf = (n: number) => `T${String(n).padStart(5, '0')}`;
  const figures = options.victims.map((victim): VictimFigures => {
    const cards = cardsOf.get(victim) ?? [];
    return {
      victim,
      rounds: options.rounds,
      saved: cards.filter((n) => saved.has(n)).length,
      lost: cards.filter((n) => lost.has(n)).length,
      twice: cards.filter((n) => twice.has(idOf(n))).length,
      seconds: seconds.get(victim) ?? 0,
    };
  });
  for (const one of figures) {
    console.log(
      `${one.victim}: ${one.rounds} rounds in ${one.seconds} s, saved ${one.saved}, lost ${one.lost}, twice ${one.twice}`,
    );
  }
  const broken = lost.size + twice.size + result.twiceInJournal + result.gaps + result.brokenChains;
  console.log(
    broken > 0
      ? '有记录丢失、重复或断链，见上 · entries were lost, doubled or unchained, see above'
      : `没有丢失，没有重复 · ${result.shownSaved} saved passages, none lost, none twice, no gap, every chain holds`,
  );
  console.log(JSON.stringify({ seed: options.seed, victims: figures, ...result }));
  return broken === 0;
}
