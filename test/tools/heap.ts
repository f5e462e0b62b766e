// Heap in use after a forced collection, for Node programs (through their inspector) and for a page. Called by soak.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import { WebSocket } from 'ws';

/** What is freed in the next turns counts as freed: the smallest of a few readings, each after a collection. */
const limits = { answerMs: 30_000, readings: 4, pauseMs: 250 } as const;

async function smallest(read: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let reading = 0; reading < limits.readings; reading++) {
    least = Math.min(least, await read());
    await sleep(limits.pauseMs);
  }
  return least;
}

/**
 * Bytes in use of the Node process whose inspector listens on `port`, and how many of them are machine code that V8 made of
 * hot functions: that part grows for some thousand passages and then stops, and is no leak.
 */
export async function nodeHeap(port: number): Promise<{ used: number; code: number }> {
  const list = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { webSocketDebuggerUrl: string }[];
  const url = list[0]?.webSocketDebuggerUrl;
  if (!url) throw new Error(`no inspector on port ${port}`);
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  let id = 0;
  const call = (method: string, params: object = {}) =>
    new Promise<{ result?: { value?: number } }>((resolve, reject) => {
      const mine = ++id;
      const timer = setTimeout(() => reject(new Error(`${method}: no answer`)), limits.answerMs);
      const take = (data: Buffer) => {
        const message = JSON.parse(data.toString());
        if (message.id !== mine) return;
        clearTimeout(timer);
        socket.off('message', take);
        resolve(message.result);
      };
      socket.on('message', take);
      socket.send(JSON.stringify({ id: mine, method, params }));
    });
  const evaluate = async (expression: string) => {
    const answer = await call('Runtime.evaluate', { expression, returnByValue: true });
    if (answer.result?.value === undefined) throw new Error('no heap figure');
    return answer.result.value;
  };
  try {
    const used = await smallest(async () => {
      await call('HeapProfiler.collectGarbage');
      return await evaluate('process.memoryUsage().heapUsed');
    });
    const code = await evaluate("process.getBuiltinModule('v8').getHeapCodeStatistics().code_and_metadata_size");
    return { used, code };
  } finally {
    socket.close();
  }
}

/** Bytes in use of a page's JavaScript heap. */
export async function pageHeap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('HeapProfiler.enable');
    return await smallest(async () => {
      await session.send('HeapProfiler.collectGarbage');
      return (await session.send('Runtime.getHeapUsage')).usedSize;
    });
  } finally {
    await session.detach();
  }
}

type Snapshot = {
  snapshot: { meta: { node_fields: string[]; node_types: [string[], ...unknown[]] } };
  nodes: number[];
  strings: string[];
};

/** What DevTools keeps of requests for whoever drives the page: no page has it without them. */
const driversOwn = 'blink::NetworkResourcesData';

/**
 * Bytes of a page's objects, its document among them, after a collection: without V8's code and what DevTools keeps for the driver.
 * Both grow for some thousand passages (a third of a megabyte at 4) while the objects stay as many as they were.
 */
export async function pageObjects(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  try {
    const pieces: string[] = [];
    session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => pieces.push(chunk));
    await session.send('HeapProfiler.enable');
    await session.send('HeapProfiler.collectGarbage');
    await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
    const { snapshot, nodes, strings } = JSON.parse(pieces.join('')) as Snapshot;
    const { node_fields: fields, node_types: types } = snapshot.meta;
    const at = (field: string) => fields.indexOf(field);
    const [type, name, size] = [at('type'), at('name'), at('self_size')];
    const code = types[0].indexOf('code');
    let bytes = 0;
    for (let node = 0; node < nodes.length; node += fields.length) {
      if (nodes[node + type] === code) continue;
      if (strings[nodes[node + name] ?? -1]?.startsWith(driversOwn)) continue;
      bytes += nodes[node + size] ?? 0;
    }
    return bytes;
  } finally {
    await session.detach();
  }
}
