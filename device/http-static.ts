// The gate page's files, read into memory at start and served from there: no request ever becomes a path on the disk.
// Called by http.
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

export const limits = { files: 1_000, bytes: 64 * 1_048_576 } as const;

export type StaticFile = { body: Buffer; type: string; etag: string; cache: string; isPage: boolean };
export type StaticFiles = ReadonlyMap<string, StaticFile>;

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wav': 'audio/wav',
  '.txt': 'text/plain; charset=utf-8',
};

/** Where the pages that the bridge serves beside the gate lie in the build, and their address. */
const ownPages: Readonly<Record<string, string>> = { '/index.html': '/', '/src/settings/settings.html': '/settings' };

/** The rounds page, for a tablet with a bridge. */
const roundsPage = '/src/rounds/rounds.html';
/** By this mark the rounds page knows, also from its cache, that a bridge with devices serves it and not the hub. */
const roundsMark = ['<html ', '<html data-bridge="" '] as const;

/** Files by URL path, '/' being index.html; pages of other processes (below src/) and unknown types are left out. `rounds`: /rounds as well. */
export async function readStaticFiles(dir: string, { rounds } = { rounds: false }): Promise<StaticFiles> {
  const files = new Map<string, StaticFile>();
  let total = 0;
  for (const name of (await readdir(dir, { recursive: true })).sort()) {
    const url = `/${name.split('\\').join('/')}`;
    const type = types[extname(name)];
    const isRounds = rounds && url === roundsPage;
    const address = isRounds ? '/rounds' : (ownPages[url] ?? url);
    if (type === undefined || address.startsWith('/src/')) continue;
    const path = join(dir, name);
    if (!(await stat(path)).isFile()) continue;
    const read = await readFile(path);
    const body = isRounds ? Buffer.from(read.toString('utf8').replace(...roundsMark)) : read;
    total += body.length;
    if (files.size >= limits.files || total > limits.bytes)
      throw new RangeError(`${dir} holds too much to be the pages`);
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const cache = url.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    files.set(address, { body, type, etag, cache, isPage: extname(name) === '.html' });
  }
  return files;
}

/** Answers GET and HEAD with the file, or 304 when the browser has it. */
export function sendFile(request: IncomingMessage, response: ServerResponse, file: StaticFile): void {
  response.setHeader('Cache-Control', file.cache);
  response.setHeader('ETag', file.etag);
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, { 'Content-Type': file.type, 'Content-Length': file.body.length });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}
