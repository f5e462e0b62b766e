// The hub as a child process of `npm start`: started, waited for, seeded, watched, ended. Called by start.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { StartRefusal } from './start-settings.ts';
import { startTexts } from './texts.ts';

export const limits = { readyMs: 60_000, seedMs: 60_000, stopMs: 20_000, pollMs: 50, linesKept: 30 } as const;

const account = z.object({
  role: z.string(),
  name: z.string(),
  password: z.optional(z.string()),
  pin: z.optional(z.string()),
});
/** The one JSON line of `hub --seed-demo`. */
export const seedLine = z.object({
  station: z.object({ name: z.string(), campus: z.string(), code: z.string(), token: z.string() }),
  clinicPhone: z.optional(z.string()),
  accounts: z.array(account),
});
export type Seed = z.infer<typeof seedLine>;

export type HubChild = {
  url: string;
  /** Seeds the sample campus, or reads back what was seeded before. */
  seed(): Promise<Seed>;
  /** Called once if the hub ends before `stop`. */
  onDied(listener: (code: string) => void): void;
};

export type HubPlace = {
  program: string;
  port: number;
  stateDir: string;
  logFile: string;
  /** Called for each process as soon as it is there, with the way to end it: SIGTERM, then SIGKILL after 20 s. */
  onStarted(stop: () => Promise<void>): void;
};

/** Starts the hub and waits until it answers; throws a StartRefusal when it ends or stays silent. */
export async function startHub(place: HubPlace): Promise<HubChild> {
  if (!existsSync(place.program)) throw new StartRefusal(startTexts.notBuilt(place.program));
  const { TLS_CERT: _cert, TLS_KEY: _key, ...inherited } = process.env;
  const env = { ...inherited, HUB_PORT: String(place.port), HUB_HOST: '127.0.0.1', STATE_DIR: place.stateDir };
  const log = createWriteStream(place.logFile, { flags: 'w', mode: 0o600 });
  const run = (args: string[]) =>
    // A group of its own: Ctrl-C in the terminal reaches `start` alone, which ends the hub in its time. The channel
    // carries nothing: it breaks when `start` is killed, and so tells the hub to end.
    spawn(process.execPath, [place.program, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
  const url = `http://127.0.0.1:${place.port}`;
  const child = run([]);
  const lines = linesOf(child);
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  let stopping = false;
  const listeners = new Set<(code: string) => void>();
  const ended = endOf(child).then((code) => {
    if (!stopping) for (const listener of listeners) listener(code);
    return code;
  });
  const hasEnded = new AbortController();
  void ended.then(() => hasEnded.abort());
  const ready = answers(url, hasEnded.signal);
  // `stop` only waits for it; whether it failed is told below.
  const settled = ready.catch(() => undefined);
  const stop = async () => {
    stopping = true;
    // Ended in the middle of its start it would leave its database running: it may come up first.
    await Promise.race([settled, ended, sleep(limits.stopMs, undefined, { ref: false })]);
    await endProcess(child, ended);
    log.end();
  };
  place.onStarted(stop);

  try {
    const died = await Promise.race([ready.then(() => null), ended]);
    if (died !== null) throw new StartRefusal(startTexts.hubFailed(died));
  } catch (error) {
    if (!stopping) console.error(lines.join('\n'));
    throw error;
  }
  return {
    url,
    onDied: (listener) => {
      listeners.add(listener);
    },
    async seed() {
      const seeding = run(['--seed-demo']);
      const said = linesOf(seeding);
      const over = endOf(seeding);
      place.onStarted(() => endProcess(seeding, over));
      const code = await Promise.race([over, sleep(limits.seedMs, 'timeout', { ref: false })]);
      if (code !== '0') {
        seeding.kill('SIGKILL');
        console.error(said.join('\n'));
        throw new StartRefusal(startTexts.hubFailed(`--seed-demo: ${code}`));
      }
      const found = said
        .map(jsonOf)
        .map((line) => seedLine.safeParse(line))
        .findLast((line) => line.success);
      if (!found?.success) throw new StartRefusal(startTexts.seedUnreadable());
      return found.data;
    },
  };
}

/** Resolves when the hub answers; gives up after a minute, or silently when it has ended. */
async function answers(url: string, hasEnded: AbortSignal): Promise<void> {
  const until = performance.now() + limits.readyMs;
  while (performance.now() < until && !hasEnded.aborted) {
    try {
      const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) });
      await answer.body?.cancel();
      if (answer.ok) return;
    } catch (error) {
      // Not listening yet, which is what is waited for; anything but a failed fetch is a bug.
      if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    }
    await sleep(limits.pollMs);
  }
  throw new StartRefusal(startTexts.hubSilent(limits.readyMs / 1_000));
}

/** Exit code or signal as text; 'not started: ...' when there was no process. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((done) => {
    child.once('error', (error) => done(`not started: ${error.message}`));
    child.once('close', (code, signal) => done(String(code ?? signal ?? '?')));
  });
}

async function endProcess(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), limits.stopMs);
  await ended;
  clearTimeout(timer);
}

/** The last lines that a process printed, a growing view. */
function linesOf(child: ChildProcess): string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      const parts = (rest + piece).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      if (lines.length > limits.linesKept) lines.splice(0, lines.length - limits.linesKept);
    });
    stream?.on('end', () => {
      if (rest !== '') lines.push(rest);
    });
  }
  return lines;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
