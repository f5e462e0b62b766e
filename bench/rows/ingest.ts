// Row "ingest": records a second into PostgreSQL over HTTP, the hub beside the least that could do it: a bare HTTP server that
// copies the lines of a request into a table and answers after the commit. Called by main.ts.
import { createServer } from 'node:http';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { startTestHub, TestWriter } from '../../test/kit/hub.ts';
import { median, type Row } from '../table.ts';

const limits = { batch: 500, batches: 20, senders: 4, rounds: 5, keepAliveMs: 600_000 } as const;

/** A text in PostgreSQL's COPY format: backslashes doubled; JSON holds no bare tab or newline. */
const copyLine = (text: string) => `${text.replace(/\\/g, '\\\\')}\n`;

/** Records a second; every sender is a station's own writer with its batches made before the clock starts. */
async function rate(bodies: readonly string[][], post: (body: string) => Promise<void>): Promise<number> {
  const start = performance.now();
  await Promise.all(
    bodies.map(async (own) => {
      for (const body of own) await post(body);
    }),
  );
  const records = bodies.length * limits.batches * limits.batch;
  return (records / (performance.now() - start)) * 1_000;
}

export async function ingestRow(): Promise<Row> {
  const hub = await startTestHub();
  const pool = new pg.Pool({ ...hub.hub.pool.options, max: limits.senders });
  await pool.query('create table if not exists bench_copy (entry text)');
  const bare = createServer(async (request, response) => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      await pipeline(request, client.query(copyFrom('copy bench_copy (entry) from stdin')));
      await client.query('commit');
      response.end('{}');
    } catch (error) {
      await client.query('rollback');
      response.writeHead(500).end(String(error));
    } finally {
      client.release();
    }
  });
  bare.keepAliveTimeout = limits.keepAliveMs;
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
  const address = bare.address();
  if (address === null || typeof address === 'string') throw new Error('the bare server has no port');
  const post = async (url: string, body: string, headers: Record<string, string>) => {
    const answer = await fetch(url, { method: 'POST', body, headers });
    const said = await answer.text();
    if (!answer.ok || said.includes('"set-aside"'))
      throw new Error(`${url} said ${answer.status} ${said.slice(0, 200)}`);
  };
  const batches = () =>
    Array.from({ length: limits.senders }, () => {
      const writer = new TestWriter(hub.station.id);
      return Array.from({ length: limits.batches }, () => ({
        writerId: writer.writerId,
        entries: writer.admissions(limits.batch),
      }));
    });
  try {
    const ours: number[] = [];
    const least: number[] = [];
    for (let round = 0; round <= limits.rounds; round++) {
      const made = batches();
      const requests = made.map((own) =>
        own.map((batch) => JSON.stringify({ contract: 1, receiptedSeq: 0, epoch: null, ...batch })),
      );
      const lines = made.map((own) =>
        own.map(({ entries }) => entries.map((one) => copyLine(JSON.stringify(one))).join('')),
      );
      const hubRate = await rate(requests, (body) =>
        post(`${hub.url}hub/entries`, body, {
          authorization: `Bearer ${hub.station.token}`,
          'content-type': 'application/json',
        }),
      );
      const copyRate = await rate(lines, (body) => post(`http://127.0.0.1:${address.port}/`, body, {}));
      if (round === 0) continue; // both warm up
      ours.push(hubRate);
      least.push(copyRate);
    }
    return {
      name: 'ingest',
      title: 'Hub ingest: HTTP, validated, stored, idempotent',
      lines: [
        { name: 'HTTP + COPY, nothing checked', value: median(least), unit: 'records/s' },
        { name: 'Mengang', value: median(ours), unit: 'records/s' },
      ],
      goals: [{ what: 'of HTTP + COPY', ratio: median(ours) / median(least), least: 0.65 }],
    };
  } finally {
    bare.closeAllConnections();
    bare.close();
    await pool.end();
    await hub.stop();
  }
}
