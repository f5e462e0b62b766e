// `npm run soak -- --passages N`: N simulated passages in a row, faster than life, through real ptys, a real Chromium, the bridge
// and the hub. Heaps (after a forced collection, machine code not counted) must stay flat after the first tenth, and the last tenth must be decided as fast as the second.
import { type Campus, cardOf, createCampus, objectOf, waitForRoster, waitForScreen } from '../kit/campus.ts';
import { freePort, until } from '../kit/programs.ts';
import { nodeHeap, pageHeap, pageObjects } from './heap.ts';
import { numberArgument } from './seeded.ts';

/** The acceptance list's bounds: growth of each heap after the first tenth, and how much slower the last tenth may be. */
const bounds = { heapGrowth: 1.05, slowdown: 1.1 } as const;

const passages = numberArgument('passages', 10_000);
const tenth = Math.floor(passages / 10);
const people = 600; // enough that nobody comes back within the 3 s in which a card is ignored after its verdict

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Milliseconds from the card's bytes to the barrier's bytes: the decision as the turnstile sees it. */
function passOnce(campus: Campus, n: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    let heard = '';
    const timer = setTimeout(() => reject(new Error(`passage ${n}: the barrier did not move within 20 s`)), 20_000);
    const stop = campus.rig.barrier.onBytes((bytes) => {
      heard += bytes.toString('hex');
      if (!heard.includes('a00101a2')) return;
      clearTimeout(timer);
      stop();
      resolve(performance.now() - start);
    });
    campus.rig.tap(cardOf((n % people) + 1).uid);
  });
}

const inspect = { hub: await freePort(), bridge: await freePort() };
const campus = await createCampus({ people, hz: 100, tapFrames: 1, inspect });
let failed = false;
try {
  const gate = await campus.openGate();
  await waitForScreen(gate, 'idle');
  await waitForRoster(gate);
  campus.rig.look(objectOf(3650));
  const empty = () =>
    until(
      'the queue is empty',
      async () => (await gate.page.locator('[data-testid="queue"]').innerText()) === '0',
      300_000,
    );
  const heaps = async () => {
    const [bridge, hub] = [await nodeHeap(inspect.bridge), await nodeHeap(inspect.hub)];
    return {
      page: await pageObjects(gate.page),
      bridge: bridge.used - bridge.code,
      hub: hub.used - hub.code,
      pageWithCode: await pageHeap(gate.page),
      bridgeWithCode: bridge.used,
      hubWithCode: hub.used,
    };
  };
  const times: number[] = [];
  let first: Awaited<ReturnType<typeof heaps>> | null = null;
  for (let n = 1; n <= passages; n++) {
    times.push(await passOnce(campus, n));
    if (n % tenth !== 0) continue;
    await empty();
    const now = await heaps();
    if (n === tenth) first = now;
    const megabytes = Object.entries(now).map(([name, bytes]) => `${name} ${(bytes / 1_048_576).toFixed(2)} MB`);
    console.log(`${n}/${passages}  p50 ${median(times.slice(-tenth)).toFixed(1)} ms  ${megabytes.join('  ')}`);
  }
  await empty();
  const last = await heaps();
  if (!first) throw new Error('too few passages: give at least 10');
  const growth = { page: last.page / first.page, bridge: last.bridge / first.bridge, hub: last.hub / first.hub };
  // Told beside it, not judged: V8 goes on compiling hot functions for some thousand passages.
  const withCode = {
    pageWithCode: last.pageWithCode / first.pageWithCode,
    bridgeWithCode: last.bridgeWithCode / first.bridgeWithCode,
    hubWithCode: last.hubWithCode / first.hubWithCode,
  };
  const slowdown = median(times.slice(-tenth)) / median(times.slice(tenth, 2 * tenth));
  const rows = await campus.query<{ n: string }>("select count(*) n from entries where kind = 'check'");
  const stored = Number(rows[0]?.n);
  // Asked the other way round, a figure that is not a number would pass.
  const isFlat = Object.values(growth).every((ratio) => ratio <= bounds.heapGrowth) && slowdown <= bounds.slowdown;
  failed = !isFlat || stored !== passages;
  const ratios = Object.fromEntries(
    Object.entries({ ...growth, slowdown, ...withCode }).map(([name, ratio]) => [name, Number(ratio.toFixed(3))]),
  );
  console.log(JSON.stringify({ passages, stored, ...ratios }));
  console.log(
    failed
      ? '超出界限 · out of bounds'
      : '平稳 · flat: every heap within 5 %, the last tenth as fast as the second within 10 %',
  );
} finally {
  await campus.close();
}
process.exit(failed ? 1 : 0);
