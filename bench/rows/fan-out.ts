// Row "fan-out": a referral from its upload to the last of many clinic screens, beside the same bytes written to as many raw
// sockets. Called by main.ts.
import { Agent, get } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { feverBody, startTestHub, TestWriter } from '../../test/kit/hub.ts';
import { median, p99, type Row } from '../table.ts';

const limits = { rounds: 25, waitMs: 10_000, message: 500 } as const;

/** Calls back once all of `count` have been heard in a round. */
function roundOf(count: number): { hear(): void; all: Promise<number> } {
  let left = count;
  let settle: (atMs: number) => void = () => undefined;
  const all = new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${left} screens heard nothing`)), limits.waitMs);
    settle = (atMs) => {
      clearTimeout(timer);
      resolve(atMs);
    };
  });
  return { hear: () => void (--left === 0 && settle(performance.now())), all };
}

async function rawSockets(screens: number): Promise<{ round(): Promise<number>; close(): void }> {
  const inside: Socket[] = [];
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    inside.push(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  let hear = (): void => undefined;
  const outside = await Promise.all(
    Array.from(
      { length: screens },
      () =>
        new Promise<Socket>((resolve) => {
          const socket = connect(address.port, '127.0.0.1', () => resolve(socket));
          socket.on('data', () => hear());
        }),
    ),
  );
  const message = Buffer.alloc(limits.message, 'x');
  return {
    async round() {
      const round = roundOf(screens);
      hear = round.hear;
      const start = performance.now();
      for (const socket of inside) socket.write(message);
      return (await round.all) - start;
    },
    close() {
      for (const socket of outside) socket.destroy();
      server.close();
    },
  };
}

export async function fanOutRow(screens: number): Promise<Row> {
  const hub = await startTestHub();
  const raw = await rawSockets(screens);
  const agent = new Agent({ maxSockets: screens, keepAlive: true });
  const writer = new TestWriter(hub.station.id);
  let hear = (): void => undefined;
  try {
    const cookie = await hub.signIn('nurse');
    const open = await Promise.all(
      Array.from(
        { length: screens },
        () =>
          new Promise<() => void>((resolve, reject) => {
            const asked = get(`${hub.url}hub/feed`, { agent, headers: { cookie } }, (answer) => {
              if (answer.statusCode !== 200) reject(new Error(`feed: ${answer.statusCode}`));
              answer.on('data', (piece: Buffer) => {
                if (piece.includes('"referral"')) hear();
              });
              resolve(() => asked.destroy());
            });
            // The end of the run cuts them all.
            asked.on('error', () => undefined);
          }),
      ),
    );
    const stored: number[] = [];
    const delivered: number[] = [];
    const plain: number[] = [];
    for (let n = 0; n < limits.rounds; n++) {
      plain.push(await raw.round());
      const round = roundOf(screens);
      hear = round.hear;
      const start = performance.now();
      const answered = hub.upload(hub.station, writer, [writer.write(feverBody(null))]).then(() => performance.now());
      const last = await round.all;
      delivered.push(last - start);
      stored.push((await answered) - start);
    }
    for (const close of open) close();
    return {
      name: `fan-out-${screens}`,
      title: `Referral to the last of ${screens} clinic screens`,
      lines: [
        { name: 'raw socket writes', value: median(plain), unit: 'ms', note: `p99 ${p99(plain).toPrecision(3)}` },
        {
          name: 'Mengang: uploaded, stored, delivered',
          value: median(delivered),
          unit: 'ms',
          note: `p99 ${p99(delivered).toPrecision(3)}`,
        },
        {
          name: 'Mengang: of this until the station has its receipt',
          value: median(stored),
          unit: 'ms',
          note: `p99 ${p99(stored).toPrecision(3)}`,
        },
      ],
      goals:
        screens <= 100
          ? [{ what: 'p99 of 50 ms, stored and delivered', ratio: p99(delivered) / 50, most: 1 }]
          : [
              {
                what: 'of raw sockets, with the storing taken off',
                ratio: (median(delivered) - median(stored)) / median(plain),
                most: 1.5,
              },
            ],
    };
  } finally {
    raw.close();
    agent.destroy();
    await hub.stop();
  }
}
