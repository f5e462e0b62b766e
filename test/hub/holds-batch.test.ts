// What a batch of passages costs the hub in statements about holds: an outage's backlog holds hundreds, and nobody of them was held.
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Db } from '../../hub/database.ts';
import { noteHolds } from '../../hub/holds.ts';
import type { Good } from '../../hub/upload-rules.ts';
import { checkBody, TestWriter } from '../kit/hub.ts';

function goodOf(writer: TestWriter, body: Parameters<typeof checkBody>[0]): Good {
  const envelope = writer.write(checkBody(body));
  return { envelope, entry: JSON.parse(envelope.bytes) };
}

/** Begins of the statements that were run, with how many passages each names. */
async function statementsFor(stored: readonly Good[]): Promise<string[]> {
  const run: string[] = [];
  const query = async (statement: string | { text: string }, values: unknown[]) => {
    const sql = typeof statement === 'string' ? statement : statement.text;
    run.push(`${sql.trim().split(' ')[0]} ${values.filter(Array.isArray).map(({ length }) => length)}`.trim());
    return { rows: [] };
  };
  await noteHolds({ query } as unknown as Db, stored, 'st-0001', 1);
  return run;
}

it('ends the holds of a whole batch in one statement, in order around what is opened', async () => {
  const writer = new TestWriter('st-0001');
  const admitted = () => goodOf(writer, {});
  const held = goodOf(writer, { verdict: 'hold', reason: 'campus-closed', passageId: randomUUID() });
  const many = Array.from({ length: 500 }, admitted);
  expect(await statementsFor(many)).toEqual(['update 500']);
  expect(await statementsFor([admitted(), admitted(), held, admitted()])).toEqual(['update 2', 'insert', 'update 1']);
  expect(await statementsFor([])).toEqual([]);
});
