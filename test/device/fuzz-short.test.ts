// The short version of `npm run fuzz`: a fifth of a million bytes into each decoder and into the OSDP control unit.
import { expect, test } from 'vitest';
import { frameScans } from '../kit/frame-scans.ts';
import { fuzzControlUnit, fuzzDecoder, fuzzedProfiles } from '../kit/fuzzing.ts';

const bytes = 200_000;

test.each(
  fuzzedProfiles,
)('%s takes any bytes: no exception, nothing held, no value that does not stand in them', (name) => {
  const { faults, values } = fuzzDecoder(name, bytes, 7);
  expect(faults).toEqual([]);
  // A judge of values is worth nothing where no value came.
  if (frameScans.has(name)) expect(values).toBeGreaterThan(20);
});

test.each([false, true])('the OSDP control unit takes any replies (secure channel: %s)', (isSecure) => {
  const { faults, values } = fuzzControlUnit(isSecure, bytes, 7);
  expect(faults).toEqual([]);
  expect(values).toBeGreaterThan(20);
});
