// The guide of the fuzzer: what only a fuzzer that sees the code can find.
import { runInThisContext } from 'node:vm';
import { afterEach, expect, it } from 'vitest';
import { seededRandom } from '../../device/simulator/seeded-random.ts';
import { createCorpus, createCoverageGuide, type Guide } from './coverage-guide.ts';

const url = 'file:///planted-decoder.js';
/** Six half bytes that must all be right: by chance one input in 16,777,216 gets through. */
let copies = 0;
const planted = (): ((bytes: Uint8Array) => boolean) =>
  // A source of its own each time: what V8 compiled before the guide began is not counted block by block.
  runInThisContext(
    `(bytes) => {
    if (bytes[3] >> 4 !== 5) return false;
    if (bytes[7] >> 4 !== 1) return false;
    if (bytes[12] >> 4 !== 4) return false;
    if (bytes[18] >> 4 !== 7) return false;
    if (bytes[25] >> 4 !== 11) return false;
    return bytes[30] >> 4 === 2 ? true : false;
  } // ${copies++}`,
    { filename: url },
  );

let guide: Guide | null = null;
afterEach(() => {
  guide?.close();
  guide = null;
});

function triesUntilFound(isGuided: boolean, triesMax: number): number | null {
  if (isGuided) guide = createCoverageGuide(url);
  const decoder = planted();
  const random = seededRandom(3);
  const corpus = createCorpus(random);
  const input = new Uint8Array(32);
  for (let tries = 1; tries <= triesMax; tries += 1) {
    if (!(isGuided && corpus.child(input)))
      for (let at = 0; at < input.length; at += 1) input[at] = Math.floor(random() * 256);
    if (decoder(input)) return tries;
    if (isGuided && guide?.gained()) corpus.keep(input);
  }
  return null;
}

it('a fault behind six right half bytes is found by the guide, and not without it', () => {
  expect(triesUntilFound(false, 100_000)).toBeNull();
  expect(triesUntilFound(true, 10_000)).not.toBeNull();
});

it('counts what ran once and never again', () => {
  guide = createCoverageGuide(url);
  const decoder = planted();
  decoder(new Uint8Array(32));
  expect(guide.gained()).toBe(true);
  decoder(new Uint8Array(32).fill(1));
  expect(guide.gained()).toBe(false);
  decoder(new Uint8Array(32).fill(0x55));
  const before = guide.reached();
  expect(guide.gained()).toBe(true);
  expect(guide.reached()).toBeGreaterThan(before);
});
