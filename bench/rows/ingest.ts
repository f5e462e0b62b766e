// Row "ingest": records a second into PostgreSQL over HTTP, the hub beside the least that could do it: a bare HTTP server that
// copies the lines of a request into a table and answers after the commit. Called by main.ts.
import { Agent, request as ask, createServer } from 'node:http';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { startTestHub, TestWriter } from '../../test/kit/hub.ts';
import { median, type Row } from '../table.ts';

const limits = { batch: 500, batches: 20, senders: 4, rounds: 5 } as const;

/** A text in PostgreSQL's COPY format: backslashes doubled; JSON holds no bare tab or newline. */
const copyLine = (text: string) => `${text.replace(/\\/g, '\\\\')}\n`;

type Post = (body: string, agent: Agent) => Promise<void>;

/**
 * Records a second; every sender is a station's own writer with its batches made before the clock starts. Connections of its own:
 * while the batches are made, nothing else runs in this process, and a server would close one that is about to be used again.
 */
async function rate(bodies: readonly string[][], post: Post): Promise<number> {
  const agent = new Agent({ keepAlive: true });
  const start = performance.now();
  await Promise.all(
    bodies.map(async (own) => {
      for (const body of own) await post(body, agent);
    }),
  );
  const records = bodies.length * limits.batches * limits.batch;
  const perSecond = (records / (performance.now() - start)) * 1_000;
  agent.destroy();
  return perSecond;
}

export async function ingestRow(): Promise<Row> {
  const hub = await startTestHub();
  const pool = new pg.Pool({ connectionString: await hub.ownerUrl(), max: limits.senders });
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
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
  const address = bare.address();
  if (address === null || typeof address === 'string') throw new Error('the bare server has no port');
  const post = (url: string, headers: Record<string, string>) => (body: string, agent: Agent) =>
    new Promise<void>((done, failed) => {
      const out = ask(url, { method: 'POST', headers, agent }, (answer) => {
        let said = '';
        answer.setEncoding('utf8').on('data', (piece: string) => {
          said += piece;
        });
        answer.on('error', failed).on('end', () => {
          if (answer.statusCode === 200 && !said.includes('"set-aside"')) done();
          else failed(new Error(`${url} said ${answer.statusCode} ${said.slice(0, 200)}`));
        });
      });
      out.on('error', failed).end(body);
    });
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
      const toHub = post(`${hub.url}hub/entries`, {
        authorization: `Bearer ${hub.station.token}`,
        'content-type': 'application/json',
      });
      const hubRate = await rate(requests, toHub);
      const copyRate = await rate(lines, post(`http://127.0.0.1:${address.port}/`, {}));
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
