// What a hub makes once and cannot make again (its cluster, the notes that lead to it, the log's key) keeps its name through a power cut.
import { readlinkSync } from 'node:fs';
import { chmod, mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startEmbedded } from '../../hub/embedded.ts';
import { headSigner } from '../../hub/head-key.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mengang-names-'));
  await chmod(folder, 0o755); // so that the server's user may pass, also where the tests run as root
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

/** Paths of the files and folders that are synced from now on. */
async function syncedPaths(): Promise<string[]> {
  const paths: string[] = [];
  const handle = await open(folder, 'r');
  const proto: { sync(this: { fd: number }): Promise<void> } = Object.getPrototypeOf(handle);
  await handle.close();
  const { sync } = proto;
  vi.spyOn(proto, 'sync').mockImplementation(function (this: { fd: number }) {
    paths.push(readlinkSync(`/proc/self/fd/${this.fd}`));
    return sync.call(this);
  });
  return paths;
}

test('the first start of the database syncs its notes, the mark of a whole cluster, and the folders that name them', async () => {
  const paths = await syncedPaths();
  const server = await startEmbedded(join(folder, 'state'));
  try {
    const state = join(folder, 'state');
    expect(paths).toEqual(expect.arrayContaining([state, server.dataDir, join(server.dataDir, 'ready')]));
  } finally {
    await server.stop();
  }
});

test('the log’s key has its name only when it is whole, for all who ask at once, and its folder is synced', async () => {
  const paths = await syncedPaths();
  const signers = await Promise.all(Array.from({ length: 20 }, () => headSigner(folder)));
  expect(new Set(signers.map((signer) => signer.vkey('log'))).size).toBe(1);
  expect(await readdir(folder)).toEqual(['log-key.pem']);
  expect((await stat(join(folder, 'log-key.pem'))).mode & 0o777).toBe(0o600);
  expect(paths).toContain(folder);
});
