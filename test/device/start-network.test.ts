import { createServer, type Server } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { type Network, startNetwork } from '../../device/simulator/network.ts';

let network: Network;
let hub: Server;
afterEach(async () => {
  await network.close();
  hub.closeAllConnections();
  await new Promise((resolve) => hub.close(resolve));
});

async function rig() {
  hub = createServer((request, response) => {
    if (request.url === '/feed') response.write('first');
    else response.end('hello');
  });
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  const address = hub.address();
  network = await startNetwork(address && typeof address === 'object' ? address.port : 0);
  return `http://127.0.0.1:${network.port}`;
}

it('carries what is asked while it is up', async () => {
  const url = await rig();
  expect(await (await fetch(url)).text()).toBe('hello');
});

it('cut, it ends a stream that runs and refuses new calls; restored, it carries again', async () => {
  const url = await rig();
  const stream = await fetch(`${url}/feed`);
  const reader = stream.body?.getReader();
  await reader?.read();
  network.setUp(false);
  await expect(reader?.read()).rejects.toThrow();
  await expect(fetch(url)).rejects.toThrow();
  expect(network.isUp()).toBe(false);
  network.setUp(true);
  expect(await (await fetch(url)).text()).toBe('hello');
});
