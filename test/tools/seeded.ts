// What the tools read from their command lines, and the seeded random numbers that they share with play. Called by crash, soak and fuzz.
export { seededRandom } from '../../device/simulator/seeded-random.ts';

/** Value of `--name`, or the default; anything but a positive whole number ends the program with one sentence. */
export function numberArgument(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return otherwise;
  const value = Number(process.argv[at + 1]);
  if (!Number.isSafeInteger(value) || value < 1) {
    console.error(`--${name} 需要一个正整数 needs a positive whole number`);
    process.exit(2);
  }
  return value;
}
