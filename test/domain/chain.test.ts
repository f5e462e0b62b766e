// Chain, UUIDs, campus day and backoff.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffMs } from '../../src/domain/backoff.ts';
import {
  addDays,
  campusDay,
  dayDifference,
  endOfDayMs,
  endOfOrderMs,
  startOfDayMs,
} from '../../src/domain/campus-day.ts';
import { genesisHash, hashOf, verifyChain } from '../../src/domain/chain.ts';
import type { Envelope } from '../../src/domain/entry.ts';
import { uuidV4, uuidV7 } from '../../src/domain/uuid.ts';

const writerId = '0b5e3a52-9c0f-4f0e-8f54-9a3f6a1d2c11';

function chainOf(bytes: string[]): Envelope[] {
  let previous = createHash('sha256').update(writerId).digest();
  return bytes.map((body, i) => {
    previous = createHash('sha256').update(previous).update(body, 'utf8').digest();
    return { entryId: `entry-${i + 1}`, writerId, seq: i + 1, hash: previous.toString('hex'), bytes: body };
  });
}
const at = (chain: Envelope[], index: number, change: Partial<Envelope>) =>
  chain.map((envelope, i) => (i === index ? { ...envelope, ...change } : envelope));

describe('chain', () => {
  const chain = chainOf(['{"a":1}', '{"b":"门岗"}', '{"c":null}', '{}']);

  test('a chain made with Node verifies here, whole or from a known end', () => {
    expect(verifyChain(chain)).toBeNull();
    expect(verifyChain([])).toBeNull();
    const second = chain[1] as Envelope;
    expect(verifyChain(chain.slice(2), { seq: 2, hash: second.hash })).toBeNull();
    expect(hashOf(genesisHash(writerId), '{"a":1}')).toBe(chain[0]?.hash);
  });

  test.each<[string, Envelope[], number, string]>([
    ['changed bytes', at(chain, 1, { bytes: '{"b":"门冈"}' }), 1, 'hash'],
    ['a changed hash', at(chain, 2, { hash: '0'.repeat(64) }), 2, 'hash'],
    ['a missing entry', chain.filter((_, i) => i !== 1), 1, 'seq'],
    ['a repeated entry', [...chain.slice(0, 2), ...chain.slice(1)], 2, 'seq'],
    ['a missing beginning', chain.slice(1), 0, 'seq'],
    ['another writer', at(chain, 3, { writerId: writerId.replace('0b', '0c') }), 3, 'writer'],
    ['text without UTF-8', at(chain, 2, { bytes: '"\ud800"' }), 2, 'text'],
  ])('%s is named', (_, broken, index, fault) => {
    expect(verifyChain(broken)).toMatchObject({ index, fault });
  });

  test('one flipped character anywhere breaks the chain there', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 }), fc.nat(), (bodies, pick) => {
        const good = chainOf(bodies);
        const index = pick % good.length;
        const { bytes } = good[index] as Envelope;
        const flipped = `${String.fromCharCode(bytes.charCodeAt(0) ^ 1)}${bytes.slice(1)}`;
        expect(verifyChain(good)).toBeNull();
        expect(verifyChain(at(good, index, { bytes: flipped }))).toMatchObject({ index, fault: 'hash' });
      }),
    );
  });

  test('a previous hash that is no hash throws', () => {
    expect(() => hashOf('abc', '{}')).toThrow(TypeError);
  });
});

describe('uuid', () => {
  test('v7 carries its time, version and variant, and sorts by time', () => {
    // RFC 9562, appendix A.6.
    const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
    expect(uuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
    expect(uuidV7(1, random) < uuidV7(2, random)).toBe(true);
    expect(() => uuidV7(-1, random)).toThrow(RangeError);
    expect(() => uuidV7(2 ** 48, random)).toThrow(RangeError);
    expect(() => uuidV7(0, new Uint8Array(9))).toThrow(RangeError);
  });

  test('v4 keeps 122 random bits and leaves its argument alone', () => {
    const random = new Uint8Array(16).fill(0xff);
    expect(uuidV4(random)).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
    expect(random.every((byte) => byte === 0xff)).toBe(true);
    expect(() => uuidV4(new Uint8Array(15))).toThrow(RangeError);
  });
});

describe('campus day', () => {
  test('the day turns at 16:00 UTC, whatever the machine says', () => {
    expect(campusDay(Date.UTC(2020, 1, 28, 15, 59, 59, 999))).toBe('2020-02-28');
    expect(campusDay(Date.UTC(2020, 1, 28, 16))).toBe('2020-02-29');
    expect(campusDay(0)).toBe('1970-01-01');
    expect(campusDay(Date.UTC(2020, 11, 31, 16))).toBe('2021-01-01');
  });

  test('any instant lies inside its own day', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_102_444_800_000 }),
        fc.integer({ min: -400, max: 400 }),
        (wallMs, days) => {
          const day = campusDay(wallMs);
          expect(startOfDayMs(day) <= wallMs && wallMs < endOfDayMs(day)).toBe(true);
          expect(dayDifference(day, addDays(day, days))).toBe(days);
          expect(campusDay(endOfDayMs(day))).toBe(addDays(day, 1));
        },
      ),
    );
  });

  test('an order of 14 days ends at 24:00 of D+14, D not counted', () => {
    const begun = Date.UTC(2020, 1, 3, 0, 30);
    expect(endOfOrderMs(begun, 14)).toBe(Date.UTC(2020, 1, 17, 16));
  });

  test.each(['2020-02-30', '2021-02-29', '20-01-01', '2020-13-01', ''])('%s is no day', (day) => {
    expect(() => addDays(day, 1)).toThrow(RangeError);
  });
});

describe('backoff', () => {
  test('waits between nothing and the doubled ceiling, at most 5 minutes', () => {
    expect(backoffMs(0, () => 0.999)).toBe(999);
    expect(backoffMs(3, () => 0.5)).toBe(4_000);
    expect(backoffMs(9, () => 0.999)).toBe(299_700);
    expect(backoffMs(10_000, () => 0)).toBe(0);
  });

  test('a Retry-After is a floor with a bound of its own', () => {
    expect(backoffMs(0, () => 0, 7_000)).toBe(7_000);
    expect(backoffMs(8, () => 0.9, 7_000)).toBe(230_400);
    expect(backoffMs(0, () => 0, 1e12)).toBe(3_600_000);
    expect(backoffMs(0, () => 0, -5)).toBe(0);
  });
});
