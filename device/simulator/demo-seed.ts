// The sample campus across starts: seeded once, then the same accounts and the same station as before, kept in the state
// folder for its owner alone. Called by start.
import { open, readFile, rename } from 'node:fs/promises';
import { type HubChild, type Seed, seedLine } from './hub-child.ts';

/** What was kept in `path` if this hub still knows that station; else the sample campus is seeded and kept. */
export async function sampleCampus(path: string, hub: HubChild, fetcher: typeof fetch = fetch): Promise<Seed> {
  const kept = await readKept(path);
  if (kept && (await knows(hub.url, kept.station.token, fetcher))) return kept;
  const seed = await hub.seed();
  await keep(path, seed);
  return seed;
}

async function readKept(path: string): Promise<Seed | null> {
  try {
    const parsed = seedLine.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    // The first start, or a file that was cut off: seeding gives a new one.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function knows(hubUrl: string, token: string, fetcher: typeof fetch): Promise<boolean> {
  const answer = await fetcher(`${hubUrl}/hub/station`, { headers: { authorization: `Bearer ${token}` } });
  await answer.body?.cancel();
  return answer.ok;
}

/** Temp file, sync, rename: a cut in the middle leaves what was there. */
async function keep(path: string, seed: Seed): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(seed));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
