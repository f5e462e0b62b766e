// Which builds run here: the bridge's own, put in by vite.config.ts, and that of the pages it serves. Called by bridge.
import { type Build, type PagesBuild, pagesBuild } from '../src/contracts/post.ts';
import type { StaticFiles } from './http-static.ts';

/** Put in by the build; not there when a program runs from its sources, as in the tests. */
declare const __MENGANG_BUILD__: { version: string; builtAtMs: number };

export function ownBuild(): Build {
  return typeof __MENGANG_BUILD__ === 'undefined' ? { version: null, builtAtMs: null } : __MENGANG_BUILD__;
}

/** Null where the pages bring no word of their build. */
export function buildOfPages(files: StaticFiles): PagesBuild | null {
  const file = files.get('/build.json');
  if (file === undefined) return null;
  try {
    const parsed = pagesBuild.safeParse(JSON.parse(file.body.toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
