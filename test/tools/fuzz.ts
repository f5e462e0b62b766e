// `npm run fuzz [-- --bytes N] [--seed N]`: ten million random bytes into each decoder and into the OSDP control unit, half of them
// uniform noise, half valid frames mutated; of these, half are bred from inputs that reached new code (V8's block coverage). Prints a table; exit code 1 when anything was violated.
import { createCoverageGuide } from '../kit/coverage-guide.ts';
import { type Fuzzed, fuzzControlUnit, fuzzDecoder, fuzzedProfiles } from '../kit/fuzzing.ts';
import { numberArgument } from './seeded.ts';

/** Twice the bytes may cost twice the time: a quadratic decoder's second half costs three times its first. */
const ratioMax = 2;
const bytes = numberArgument('bytes', 10_000_000);
const seed = numberArgument('seed', 20_261_124);
const guide = createCoverageGuide(import.meta.url);
const runs: ((progress: (share: number) => void) => Fuzzed)[] = [
  ...fuzzedProfiles.map(
    (name) => (progress: (share: number) => void) => fuzzDecoder(name, bytes, seed, progress, guide),
  ),
  (progress) => fuzzControlUnit(false, bytes, seed, progress, guide),
  (progress) => fuzzControlUnit(true, bytes, seed, progress, guide),
];

const startMs = performance.now();
const results: Fuzzed[] = [];
let saidAtMs = startMs;
for (const run of runs) {
  const result = run((share) => {
    if (performance.now() - saidAtMs < 10_000) return;
    saidAtMs = performance.now();
    console.log(`${results.length}/${runs.length} + ${(100 * share).toFixed(0)} %`);
  });
  if (bytes >= 1_000_000 && result.ratio > ratioMax) result.faults.push(`not linear: ${result.ratio.toFixed(2)}`);
  results.push(result);
  console.log(
    `${results.length}/${runs.length} ${result.name}: ${result.faults.length === 0 ? 'ok' : result.faults[0]}`,
  );
}
console.table(
  results.map(({ name, bytes: fed, values, refused, heldMost, finds, ratio, seconds, faults }) => ({
    ...{ name, bytes: fed, values, refused, heldMost, finds },
    ...{ ratio: Number(ratio.toFixed(2)), seconds: Number(seconds.toFixed(1)), holds: faults.length === 0 },
  })),
);
const bad = results.filter(({ faults }) => faults.length > 0);
for (const { name, faults } of bad) for (const fault of faults) console.log(`${name}: ${fault}`);
console.log(
  `${((performance.now() - startMs) / 1_000).toFixed(0)} s, seed ${seed}, ${guide.reached()} characters of code reached`,
);
console.log(bad.length === 0 ? '全部符合 · all hold' : '不符合 · does not hold');
process.exit(bad.length === 0 ? 0 : 1);
