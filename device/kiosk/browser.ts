// Chromium as the kiosk starts it: its version, the pinned flags, one process group from start to end. Called by kiosk.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const limits = { versionMs: 20_000, outputBytes: 65_536, termMs: 5_000, flags: 32 } as const;

/** Where Debian's start script takes further flags from: they are part of what the profile was opened with. */
const systemFlagsDir = '/etc/chromium.d';

/** What never changes for a gate; the address and the profile's folder come behind. */
export const pinnedFlags: readonly string[] = [
  '--kiosk',
  '--no-first-run',
  '--no-default-browser-check',
  '--noerrdialogs',
  '--disable-session-crashed-bubble',
  '--hide-crash-restore-bubble',
  '--autoplay-policy=no-user-gesture-required',
  // A kiosk page is always in front, and its tones and waits must be on time.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-pinch',
  '--overscroll-history-navigation=0',
  '--disable-features=Translate,MediaRouter',
  '--password-store=basic',
  '--ozone-platform-hint=auto',
  '--lang=zh-CN',
];

export type RunningBrowser = {
  /** Resolves when the process that was started has ended. */
  ended: Promise<string>;
  /** SIGTERM to the whole group, SIGKILL after 5 s; resolves when it has ended. */
  stop(): Promise<void>;
};

export type Browser = {
  /** '156.0.8078.79'. Throws when the program cannot be run or says nothing like a version. */
  version(): Promise<string>;
  /** SHA-256 over everything that decides how Chromium opens the profile, but for its version. */
  flagsHash(): Promise<string>;
  start(): RunningBrowser;
};

/** `program`: path of Chromium; `url`: of the gate page; `extra`: flags of this machine, behind the pinned ones. */
export function chromium(program: string, profileDir: string, url: string, extra: readonly string[]): Browser {
  const flags = [...pinnedFlags, ...extra, `--app=${url}`];
  return {
    version: async () => {
      const { stdout } = await promisify(execFile)(program, ['--version'], {
        timeout: limits.versionMs,
        maxBuffer: limits.outputBytes,
      });
      const found = /\b\d+\.\d+\.\d+\.\d+\b/.exec(stdout);
      if (found === null) throw new Error('no version');
      return found[0];
    },
    flagsHash: async () => {
      const hash = createHash('sha256').update(JSON.stringify([program, profileDir, flags]));
      for (const text of await systemFlags()) hash.update(`\0${text}`);
      return hash.digest('hex');
    },
    start: () => startGroup(program, [`--user-data-dir=${profileDir}`, ...flags]),
  };
}

function startGroup(program: string, args: readonly string[]): RunningBrowser {
  // A group of its own: its zygotes and renderers end with it.
  const child = spawn(program, args, { detached: true, stdio: 'ignore' });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code ?? 0}`));
  });
  const signal = (name: 'SIGTERM' | 'SIGKILL'): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, name);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  };
  return {
    ended: ended.then((how) => {
      // What is left of the group of a main process that crashed.
      signal('SIGKILL');
      return how;
    }),
    stop: async () => {
      signal('SIGTERM');
      const timer = setTimeout(() => signal('SIGKILL'), limits.termMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

async function systemFlags(): Promise<string[]> {
  const names = await readdir(systemFlagsDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return Promise.all(names.sort().map((name) => readFile(join(systemFlagsDir, name), 'utf8')));
}
