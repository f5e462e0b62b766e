// The bridge's web server: the gate page, its way to the hub, health and metrics; loopback only. Called by bridge.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { sendError } from './http-answer.ts';
import type { Doors } from './http-doors.ts';
import type { Forwarder } from './http-forward.ts';
import { type StaticFiles, sendFile } from './http-static.ts';
import type { TabletForwarder } from './http-tablet.ts';
import type { Log } from './log.ts';
import type { PageStanding } from './page-standing.ts';
import { type SettingsHttp, settingsApi } from './settings-http.ts';
import { texts } from './texts.ts';

export const limits = { headersMs: 10_000, requestMs: 60_000, connections: 64 } as const;

export const securityHeaders: Record<string, string> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "media-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
};

export type HttpParts = {
  port: number;
  doors: Doors;
  files: StaticFiles;
  forward: Forwarder;
  /** Null where the configuration has no `rounds`. */
  tablet: TabletForwarder | null;
  settings: Pick<SettingsHttp, 'handle'>;
  health: () => { status: number; body: unknown };
  /** What the kiosk asks before another Chromium may open the page's profile. */
  settle: () => Promise<PageStanding>;
  metrics: () => Promise<{ type: string; body: string }>;
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  log: Log;
};

export type HttpServer = { stop(): Promise<void> };

/** Listens on 127.0.0.1 and, where present, ::1. Rejects with the system's error (EADDRINUSE, EACCES). */
export async function startHttp(parts: HttpParts): Promise<HttpServer> {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    route(parts, request, response).catch((error: unknown) => {
      parts.log.error({ event: 'request-failed', reason: error instanceof Error ? error.name : 'unknown' });
      if (!response.headersSent) sendError(response, 502, 'hub-away', texts.hubAway());
      else response.destroy();
    });
  };
  const servers: Server[] = [];
  try {
    for (const host of ['127.0.0.1', '::1']) {
      const server = createServer({ headersTimeout: limits.headersMs, requestTimeout: limits.requestMs }, answer);
      server.maxConnections = limits.connections;
      server.on('upgrade', parts.upgrade);
      server.on('clientError', (_error, socket) => socket.destroy());
      if (await listens(server, parts.port, host)) servers.push(server);
    }
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
  return {
    stop: async () => {
      await Promise.all(
        servers.map(
          (server) =>
            new Promise<void>((resolve) => {
              server.close(() => resolve());
              server.closeAllConnections();
            }),
        ),
      );
    },
  };
}

async function route(parts: HttpParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  const { doors } = parts;
  const target = targetOf(request.url ?? '', doors.origin);
  if (target === null) return sendError(response, 404, 'not-found', texts.notFound());
  const host = doors.hostOf(request.headers);
  if (host === 'foreign') return sendError(response, 421, 'misdirected', texts.misdirected(parts.port));
  if (host === 'redirect') {
    response.writeHead(308, { Location: `${doors.origin}${target.pathname}${target.search}` }).end();
    return;
  }
  if (target.pathname.startsWith('/hub/')) return hubRoute(parts, request, response, target);
  if (target.pathname.startsWith(settingsApi)) return parts.settings.handle(request, response, target);
  if (target.pathname === '/kiosk/settle') return settleRoute(parts, request, response);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return sendError(response, 405, 'wrong-method', texts.wrongMethod(), { Allow: 'GET, HEAD' });
  }
  if (target.pathname === '/healthz') {
    const { status, body } = parts.health();
    return send(response, status, 'application/json; charset=utf-8', JSON.stringify(body));
  }
  if (target.pathname === '/metrics') {
    const { type, body } = await parts.metrics();
    return send(response, 200, type, body);
  }
  const file = parts.files.get(target.pathname === '/index.html' ? '/' : target.pathname);
  if (file === undefined) return sendError(response, 404, 'not-found', texts.notFound());
  // With the service worker as well: a page from the offline cache never asks for index.html again.
  const bringsPage = file.isPage || target.pathname === '/sw.js' || target.pathname === '/rounds-sw.js';
  if (bringsPage && !doors.isCrossSite(request.headers)) response.setHeader('Set-Cookie', doors.setCookie);
  sendFile(request, response, file);
}

/** No cookie: the launcher is no page. Numbers only, and a page of another origin is turned away by its Origin. */
async function settleRoute(parts: HttpParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { doors } = parts;
  if (request.method !== 'POST') {
    return sendError(response, 405, 'wrong-method', texts.wrongMethod(), { Allow: 'POST' });
  }
  if (!doors.hasOwnOrigin(request.headers) || doors.isCrossSite(request.headers)) {
    return sendError(response, 403, 'forbidden', texts.forbidden());
  }
  send(response, 200, 'application/json; charset=utf-8', JSON.stringify(await parts.settle()));
}

async function hubRoute(parts: HttpParts, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const { doors } = parts;
  const ownOrigin = doors.hasOwnOrigin(request.headers);
  // Browsers send no Origin with a same-origin GET; every other method must name it.
  const origin = ownOrigin || (request.method === 'GET' && request.headers.origin === undefined);
  if (!origin || doors.isCrossSite(request.headers)) return sendError(response, 403, 'forbidden', texts.forbidden());
  if (!doors.hasCookie(request.headers)) {
    return sendError(response, 403, 'forbidden', texts.forbidden(), renewal(doors, request));
  }
  if (parts.tablet?.isMine(request, url)) return parts.tablet.forward(request, response, url);
  await parts.forward(request, response, url);
}

/** A page whose cookie was deleted is given it with the refusal, and tries again (a refused WebSocket cannot give one). */
function renewal(doors: Doors, request: IncomingMessage): Record<string, string> {
  return request.headers['sec-fetch-site'] === 'same-origin' ? { 'Set-Cookie': doors.setCookie } : {};
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
  response.end(body);
}

function targetOf(url: string, origin: string): URL | null {
  if (!url.startsWith('/') || url.startsWith('//')) return null;
  try {
    return new URL(url, origin);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** True when listening; false where this machine has no such address (no IPv6). */
function listens(server: Server, port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (host === '::1' && (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT')) resolve(false);
      else reject(error);
    });
    server.listen({ port, host, ipv6Only: host === '::1' }, () => resolve(true));
  });
}
