// The hub's pages (the boards) and their assets, read once from the build. Called by http.ts.
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.html': 'text/html; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
};
/** The pages of people at desks and tablets, by the path each is served at; each is `src/NAME/NAME.html` of the build. */
export const boards: readonly string[] = ['/clinic', '/office', '/rounds', '/admin'];
export const limits = { files: 500, fileBytes: 8_388_608 } as const;

export type Page = { body: Uint8Array<ArrayBuffer>; type: string; immutable: boolean };

/** Every file the hub serves by its URL path; only what was there at the start can ever be asked for. Empty when not built. */
export async function loadPages(pagesDir: string): Promise<Map<string, Page>> {
  const pages = new Map<string, Page>();
  const add = async (url: string, path: string, immutable: boolean) => {
    const type = types[extname(path)];
    if (type === undefined || pages.size >= limits.files || (await stat(path)).size > limits.fileBytes) return;
    pages.set(url, { body: new Uint8Array(await readFile(path)), type, immutable });
  };
  const there = await readdir(pagesDir, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  for (const item of there) {
    if (!item.isFile()) continue;
    const path = join(item.parentPath, item.name);
    const url = relative(pagesDir, path).split(sep).join('/');
    const board = /^src\/(clinic|office|rounds|admin)\/\1\.html$/.exec(url)?.[1];
    if (board !== undefined) await add(`/${board}`, path, false);
    else if (url.startsWith('assets/')) await add(`/${url}`, path, true);
    else if (/^[\w-]+\.(png|svg|ico)$|^icons\/|^rounds-sw\.js$/.test(url)) await add(`/${url}`, path, false);
  }
  return pages;
}
