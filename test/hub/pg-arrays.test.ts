// Arrays that the hub hands to PostgreSQL in binary: the server reads what was meant.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { int8Array, textArray, uuidArray } from '../../hub/pg-arrays.ts';
import { startTestHub, type TestHub } from '../kit/hub.ts';

let t: TestHub;
beforeAll(async () => {
  t = await startTestHub();
});
afterAll(() => t?.stop());

const readBack = async (type: string, array: Buffer) =>
  (await t.hub.pool.query<{ v: unknown }>(`select v::text from unnest($1::${type}[]) as v`, [array])).rows.map(
    ({ v }) => v,
  );

test('integers come through to the last safe one, below zero too', async () => {
  const values = [0, 1, -1, 2 ** 31, -(2 ** 31) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
  expect(await readBack('bigint', int8Array(values))).toEqual(values.map(String));
});

test('texts come through byte for byte, empty and of every width', async () => {
  const values = ['', 'plain', '"\\{}, NULL', '门岗', '𠮷😀', 'é'.repeat(3_000), ''];
  expect(await readBack('text', textArray(values))).toEqual(values);
});

test('ids come through, absent ones as null; what is no id is refused before it is sent', async () => {
  const values = [randomUUID(), null, randomUUID()];
  expect(await readBack('uuid', uuidArray(values))).toEqual(values);
  for (const bad of ['', 'x', randomUUID().slice(1), `${randomUUID()}0`]) expect(() => uuidArray([bad])).toThrow();
});

test('an empty array is empty', async () => {
  expect(await readBack('text', textArray([]))).toEqual([]);
  expect(await readBack('uuid', uuidArray([]))).toEqual([]);
});
