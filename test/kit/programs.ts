// Starts the built programs (dist/node/*.js) as real processes, reads what they print, and ends them. Called by e2e tests and tools.
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const limits = { lines: 5_000, startMs: 60_000, stopMs: 15_000, portTries: 50 } as const;

export type Program = {
  pid: number;
  /** Everything printed so far, stdout and stderr together, at most the last 5,000 lines. */
  lines: string[];
  /** First printed line that matches, past or future; rejects when the program ends or 60 s pass. */
  line(pattern: RegExp, timeoutMs?: number): Promise<string>;
  /** Resolves with the exit code (or the signal's name). */
  ended: Promise<number | string>;
  /** SIGTERM, then SIGKILL after 15 s; resolves when it is gone. */
  stop(): Promise<number | string>;
  /** SIGKILL at once. */
  kill(): Promise<void>;
  process: ChildProcess;
};

/** The checkout's root, from wherever this runs (source or built). */
export const root = process.env.MENGANG_ROOT ?? process.cwd();

export function startProgram(name: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Program {
  return startCommand(process.execPath, [join(root, 'dist', 'node', `${name}.js`), ...args], env);
}

export function startCommand(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const take = (stream: NodeJS.ReadableStream | null) => {
    let rest = '';
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      if (lines.length > limits.lines) lines.splice(0, lines.length - limits.lines);
      for (const look of waiting) look();
    });
  };
  take(child.stdout);
  take(child.stderr);
  const ended = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'gone'));
  });
  return {
    pid: child.pid ?? -1,
    lines,
    process: child,
    ended,
    line(pattern, timeoutMs = limits.startMs) {
      return new Promise((resolve, reject) => {
        const fail = (why: string) => {
          stopLooking();
          reject(
            new Error(`${why}: no line like ${pattern} from ${args[0]}; it said:\n${lines.slice(-30).join('\n')}`),
          );
        };
        const look = () => {
          const found = lines.find((line) => pattern.test(line));
          if (found === undefined) return;
          stopLooking();
          resolve(found);
        };
        const timer = setTimeout(() => fail(`${timeoutMs} ms passed`), timeoutMs);
        const stopLooking = () => {
          clearTimeout(timer);
          waiting.delete(look);
        };
        waiting.add(look);
        void ended.then((code) => sleep(50).then(() => waiting.has(look) && fail(`the program ended (${code})`)));
        look();
      });
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), limits.stopMs);
      const code = await ended;
      clearTimeout(timer);
      return code;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs a built program to its end and returns what it printed. */
export async function runProgram(name: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const program = startProgram(name, args, env);
  const code = await program.ended;
  await sleep(20);
  return { code, output: program.lines.join('\n') };
}

/**
 * A TCP port of 127.0.0.1 that was free a moment ago, below the range from which the kernel takes ports for outgoing
 * connections: a bridge that calls a hub that is away would otherwise, now and then, be given that very port and hold it.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < limits.portTries; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
  throw new Error('no free port');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Waits until `check` gives something true; rejects with `what` and the last value after the limit. */
export async function until<T>(what: string, check: () => T | Promise<T>, timeoutMs = 20_000): Promise<NonNullable<T>> {
  const end = performance.now() + timeoutMs;
  let last: T;
  for (;;) {
    last = await check();
    if (last) return last as NonNullable<T>;
    if (performance.now() > end) throw new Error(`${what}: not within ${timeoutMs} ms (last: ${JSON.stringify(last)})`);
    await sleep(20);
  }
}
