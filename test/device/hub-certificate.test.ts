// A bridge that pins its hub's CA talks to no other: over real TLS, with certificates of two CAs of the project's own making.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHubClient } from '../../device/http-hub.ts';

/** By its address: the library behind it is typed against Node alone, and these tests see the browser's types as well. */
const authority = new URL('../../hub/ca.ts', import.meta.url).href;
type Authority = { makeCa(folder: string, host: string, nowMs: number): Promise<boolean> };

test('a hub with the certificate of another CA hears nothing, not even the token', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'mengang-ca-'));
  const [own, other] = [join(dir, 'own'), join(dir, 'other')];
  const { makeCa }: Authority = await import(/* @vite-ignore */ authority);
  await makeCa(own, 'localhost', Date.now());
  await makeCa(other, 'localhost', Date.now());
  const heard: string[] = [];
  const server = createServer(
    { cert: await readFile(join(other, 'server.crt')), key: await readFile(join(other, 'server.key')) },
    (request, response) => {
      heard.push(String(request.headers.authorization));
      response.end('{}');
    },
  );
  await new Promise<void>((done) => server.listen(0, 'localhost', done));
  const address = server.address();
  const url = `https://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`;
  try {
    const pinned = createHubClient(url, 'secret-token', await readFile(join(own, 'ca.crt'), 'utf8'));
    await expect(pinned.askWhole({ method: 'GET', path: '/hub/station' })).rejects.toThrow();
    expect(heard).toEqual([]);
    const right = createHubClient(url, 'secret-token', await readFile(join(other, 'ca.crt'), 'utf8'));
    expect((await right.askWhole({ method: 'GET', path: '/hub/station' })).status).toBe(200);
    pinned.close();
    right.close();
  } finally {
    server.close();
    server.closeAllConnections();
    await rm(dir, { recursive: true });
  }
});
