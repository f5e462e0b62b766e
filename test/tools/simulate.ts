// `npm run simulate -- --seeds N [--seed FIRST] [--plant NAME] [--json]`: N simulated shifts, spread over the machine's cores; a
// seed that breaks an invariant is named with the command that replays it. One seed alone prints its schedule.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { invariants } from '../simulation/invariants.ts';
import { plants } from '../simulation/plants.ts';
import { plainSeams, runSeed, type SeedResult } from '../simulation/run-seed.ts';
import { numberArgument } from './seeded.ts';

const limits = { shownSeeds: 5, shownViolations: 5 } as const;

type Share = { seeds: number[]; plant: string | null };
type Done = Omit<SeedResult, 'trace'>;

function seamsOf(name: string | null) {
  return plants.find((one) => one.name === name)?.seams ?? plainSeams;
}

async function work({ seeds, plant }: Share): Promise<void> {
  for (const seed of seeds) {
    const { trace: _, ...done } = await runSeed(seed, seamsOf(plant));
    parentPort?.postMessage(done);
  }
}

function plantArgument(): string | null {
  const at = process.argv.indexOf('--plant');
  if (at < 0) return null;
  const name = process.argv[at + 1] ?? '';
  if (plants.some((one) => one.name === name)) return name;
  console.error(`--plant 需要下列之一 needs one of: ${plants.map((one) => one.name).join(', ')}`);
  process.exit(2);
}

/** Prints what happened in one seed, line by line. */
async function replay(seed: number, plant: string | null): Promise<boolean> {
  const result = await runSeed(seed, seamsOf(plant));
  console.log(result.trace.join('\n'));
  console.log(
    `种子 ${seed}：已存 ${result.saved}，总站 ${result.rows} 行，痕迹 ${result.hash} · seed ${seed}: ${result.saved} saved, ${result.rows} rows, trace ${result.hash}`,
  );
  tellViolations(result);
  return result.violations.length === 0;
}

function tellViolations({ violations }: Pick<Done, 'violations'>): void {
  for (const { invariant, says } of violations.slice(0, limits.shownViolations)) {
    const promise = invariants.find((one) => one.number === invariant)?.promise ?? 'the programs run without a bug';
    console.log(`  ${invariant}. ${promise}: ${says}`);
  }
}

async function runAll(seeds: number[], plant: string | null): Promise<Done[]> {
  const cores = Math.min(availableParallelism(), seeds.length);
  const done: Done[] = [];
  const workers = Array.from({ length: cores }, (_, core) => {
    const share: Share = { seeds: seeds.filter((_seed, n) => n % cores === core), plant };
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: share });
    worker.on('message', (one: Done) => {
      done.push(one);
      if (done.length % 500 === 0) console.log(`${done.length}/${seeds.length}`);
    });
    return new Promise<void>((ended, failed) => worker.once('error', failed).once('exit', () => ended()));
  });
  await Promise.all(workers);
  if (done.length !== seeds.length) throw new Error(`${seeds.length - done.length} seeds did not run`);
  return done.sort((a, b) => a.seed - b.seed);
}

async function main(): Promise<void> {
  const count = numberArgument('seeds', 1);
  const first = numberArgument('seed', 1);
  const plant = plantArgument();
  if (count === 1) process.exit((await replay(first, plant)) ? 0 : 1);
  const startedMs = performance.now();
  const all = await runAll(
    Array.from({ length: count }, (_, n) => first + n),
    plant,
  );
  const failed = all.filter((one) => one.violations.length > 0);
  for (const one of failed.slice(0, limits.shownSeeds)) {
    console.log(
      `种子 seed ${one.seed}: npm run simulate -- --seed ${one.seed}${plant === null ? '' : ` --plant ${plant}`}`,
    );
    tellViolations(one);
  }
  const sum = (of: (one: Done) => number) => all.reduce((total, one) => total + of(one), 0);
  const seconds = (performance.now() - startedMs) / 1_000;
  const figures = {
    seeds: count,
    failed: failed.length,
    violations: sum((one) => one.violations.length),
    saved: sum((one) => one.saved),
    rows: sum((one) => one.rows),
    virtualHours: Number((sum((one) => one.virtualMs) / 3_600_000).toFixed(1)),
    seconds: Number(seconds.toFixed(1)),
    trace: all.reduce((hash, one) => Math.imul(hash ^ Number.parseInt(one.hash, 16), 0x01000193), 0) >>> 0,
  };
  console.log(
    failed.length === 0
      ? `${count} 个班次，0 次违反 · ${count} shifts, 0 violations, ${figures.saved} saved entries, ${seconds.toFixed(1)} s`
      : `${failed.length} 个班次违反了约定 · ${failed.length} of ${count} shifts break an invariant`,
  );
  console.log(JSON.stringify(figures));
  process.exit(failed.length === 0 ? 0 : 1);
}

if (isMainThread) await main();
else await work(workerData as Share);
