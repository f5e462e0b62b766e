// The network between gate and hub as a small TCP proxy, so that "cut the network" really cuts. Called by start.
import { connect, createServer, type Socket } from 'node:net';

export type Network = {
  /** What the bridge calls instead of the hub. */
  port: number;
  isUp(): boolean;
  /** Cut: every connection is destroyed, new ones are reset until it is up again. */
  setUp(up: boolean): void;
  close(): Promise<void>;
};

/** Listens on a free port of 127.0.0.1 and forwards to `hubPort` there. */
export async function startNetwork(hubPort: number): Promise<Network> {
  let isUp = true;
  const pairs = new Set<readonly [Socket, Socket]>();
  const cut = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  const server = createServer((near) => {
    if (!isUp) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(hubPort, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    near.setNoDelay(true);
    far.setNoDelay(true);
    const over = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    // An error of either end is the end of both; who called sees a broken connection, as with a real cable.
    for (const socket of pair) socket.on('error', over).on('close', over);
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address !== 'object') throw new Error('the proxy has no port');
  return {
    port: address.port,
    isUp: () => isUp,
    setUp(up) {
      isUp = up;
      if (!up) cut();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
