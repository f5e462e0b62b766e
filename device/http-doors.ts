// Who may talk to the bridge: exact host, exact origin, and the cookie that came with the page. Called by http for requests
// and by bridge-socket for the WebSocket.
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export const cookieName = 'mengang_gate';

export type Doors = {
  /** The page's one address: 'http://localhost:7411'. */
  origin: string;
  /** `own`; `redirect` for the same port on 127.0.0.1 or [::1]; anything else is `foreign` (DNS rebinding). */
  hostOf(headers: IncomingHttpHeaders): 'own' | 'redirect' | 'foreign';
  /** A missing Origin is not the page's. */
  hasOwnOrigin(headers: IncomingHttpHeaders): boolean;
  /** The browser itself says that another site asks. */
  isCrossSite(headers: IncomingHttpHeaders): boolean;
  hasCookie(headers: IncomingHttpHeaders): boolean;
  /** Value of Set-Cookie; 400 days is the longest that browsers keep one. */
  setCookie: string;
};

/** `secret` outlives the process: a page from the offline cache is never handed out anew, so its cookie must go on to hold. */
export function createDoors(port: number, secret: string): Doors {
  const suffixes = port === 80 ? ['', ':80'] : [`:${port}`];
  const own = suffixes.map((suffix) => `localhost${suffix}`);
  const moved = suffixes.flatMap((suffix) => [`127.0.0.1${suffix}`, `[::1]${suffix}`]);
  const origin = port === 80 ? 'http://localhost' : `http://localhost:${port}`;
  return {
    origin,
    hostOf: ({ host }) => {
      const name = (host ?? '').toLowerCase();
      return own.includes(name) ? 'own' : moved.includes(name) ? 'redirect' : 'foreign';
    },
    hasOwnOrigin: (headers) => headers.origin === origin,
    isCrossSite: (headers) => {
      const site = headers['sec-fetch-site'];
      return site !== undefined && site !== 'same-origin' && site !== 'none';
    },
    hasCookie: (headers) => cookiesOf(headers.cookie).some((value) => isSame(value, secret)),
    setCookie: `${cookieName}=${secret}; HttpOnly; SameSite=Strict; Path=/; Max-Age=34560000`,
  };
}

function cookiesOf(header: string | undefined): string[] {
  return (header ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .filter(([name]) => name === cookieName)
    .map(([, value]) => value ?? '');
}

function isSame(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
