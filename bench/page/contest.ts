// Runs contestants in turn, round after round, so that a busy moment of the machine meets all of them. Called by every row.

export type Contestant = {
  name: string;
  /** Rounds in which it takes part; a slow one needs fewer. */
  rounds?: number;
  /** Runs once and answers milliseconds a unit. */
  run(round: number): Promise<number>;
};

export type Figure = { name: string; medianMs: number; p99Ms: number; rounds: number };

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const p99 = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * 0.99))] ?? Number.NaN;

/** Every other round goes through them backwards: nobody always comes second. */
export async function contest(contestants: readonly Contestant[], rounds: number): Promise<Figure[]> {
  const times = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? contestants : [...contestants].reverse();
    for (const one of order) {
      if (round < (one.rounds ?? rounds)) times.get(one.name)?.push(await one.run(round));
    }
  }
  return [...times].map(([name, all]) => ({ name, medianMs: median(all), p99Ms: p99(all), rounds: all.length }));
}

/** Milliseconds that `work` took, divided by `units`. */
export async function timed(units: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / units;
}
