// The simulator's own small web server: its page, its JSON API, its live state. Loopback only. Called by start.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { securityHeaders } from '../http.ts';
import { sendError } from '../http-answer.ts';
import { readStaticFiles, sendFile } from '../http-static.ts';
import type { Simulator } from './simulator.ts';
import { simulatorTexts as texts } from './texts.ts';

/** Bytes of a body; open event streams; milliseconds between two pictures, between two signs of life. */
export const limits = { bodyBytes: 4_096, streams: 16, eventEveryMs: 100, aliveMs: 10_000, headersMs: 10_000 } as const;

export type SimulatorServer = { stop(): Promise<void> };

/** Listens on 127.0.0.1 and, where present, ::1; rejects with the system's error when the port is taken. */
export async function startSimulatorServer(
  port: number,
  pagesDir: string,
  simulator: Simulator,
): Promise<SimulatorServer> {
  const page = await readFile(join(pagesDir, 'src', 'simulator', 'simulator.html'));
  const files = await readStaticFiles(pagesDir);
  const streams = new Set<ServerResponse>();
  const own = ['localhost', '127.0.0.1', '[::1]'].map((host) => `${host}:${port}`);

  const route = async (request: IncomingMessage, response: ServerResponse) => {
    for (const [header, value] of Object.entries(securityHeaders)) response.setHeader(header, value);
    if (!own.includes((request.headers.host ?? '').toLowerCase()))
      return sendError(response, 421, 'misdirected', texts.misdirected());
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (request.method === 'POST') return post(path, request, response);
    if (request.method !== 'GET') return sendError(response, 405, 'method', texts.notFound());
    if (path === '/' || path === '/simulator') {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' }).end(page);
      return;
    }
    if (path === '/api/state') return sendJson(response, 200, await simulator.state());
    if (path === '/api/events') return stream(response);
    const file = path.startsWith('/assets/') ? files.get(path) : undefined;
    if (file) sendFile(request, response, file);
    else sendError(response, 404, 'not-found', texts.notFound());
  };

  const post = async (path: string, request: IncomingMessage, response: ServerResponse) => {
    const { origin } = request.headers;
    const isOwn = origin === undefined || own.some((host) => origin === `http://${host}`);
    if (!isOwn) return sendError(response, 403, 'foreign-origin', texts.foreignOrigin());
    // A form of another site cannot send this type without being asked first: the second lock beside Origin.
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
      return sendError(response, 415, 'content-type', texts.wrongType());
    }
    if (!simulator.isPath(path)) return sendError(response, 404, 'not-found', texts.notFound());
    const body = await bodyOf(request);
    if (body === null) return sendError(response, 413, 'too-large', texts.tooLarge());
    const done = await simulator.act(path, jsonOf(body));
    if (done.ok) sendJson(response, 200, { live: simulator.live() });
    else sendError(response, done.status, 'refused', done.sentence);
  };

  const stream = (response: ServerResponse) => {
    if (streams.size >= limits.streams) return sendError(response, 503, 'busy', texts.busy());
    streams.add(response);
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    let last = '';
    const tell = () => {
      const now = JSON.stringify(simulator.live());
      if (now === last) return;
      last = now;
      response.write(`data: ${now}\n\n`);
    };
    tell();
    let soon: NodeJS.Timeout | null = null;
    const stopListening = simulator.onChange(() => {
      soon ??= setTimeout(() => {
        soon = null;
        tell();
      }, limits.eventEveryMs);
    });
    const alive = setInterval(() => response.write(': alive\n\n'), limits.aliveMs);
    response.on('close', () => {
      streams.delete(response);
      stopListening();
      clearInterval(alive);
      if (soon) clearTimeout(soon);
    });
  };

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    route(request, response).catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      if (response.headersSent) response.destroy();
      else sendError(response, 500, 'failed', texts.failed());
    });
  };
  const servers: Server[] = [];
  const stop = async () => {
    for (const response of streams) response.destroy();
    await Promise.all(
      servers.map((server) => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      }),
    );
  };
  try {
    for (const host of ['127.0.0.1', '::1']) {
      const server = createServer({ headersTimeout: limits.headersMs }, answer);
      if (await listens(server, port, host)) servers.push(server);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

/** False where this machine has no such address. */
function listens(server: Server, port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (host === '::1' && (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT')) resolve(false);
      else reject(error);
    });
    server.listen({ port, host }, () => resolve(true));
  });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part as Uint8Array);
    size += bytes.length;
    if (size > limits.bodyBytes) return null;
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
