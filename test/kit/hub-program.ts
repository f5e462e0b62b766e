// The hub as people start it, a process of its own. Used by tests that kill it.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, until } from './programs.ts';

const limits = { loadMs: 60_000 } as const;
/** SIGHUP in the mask of caught signals: of the three that the hub listens for, the one that Node itself leaves alone. */
const hangUp = 1n;

export type HubProgram = {
  /** Runs it with these arguments to its end. */
  run(args: string[], env: Record<string, string>): Promise<{ code: number; out: string; err: string }>;
  /** Starts it and answers when it has said that it is ready. */
  start(
    env: Record<string, string>,
    /** Keeps a channel to it, as `npm start` does. */
    channel?: boolean,
  ): Promise<{ child: ChildProcess; url: string; ended: Promise<number | null> }>;
  /** Starts it, sends the signal this long after it began to listen for it, and answers its exit code. */
  interrupt(env: Record<string, string>, signal: NodeJS.Signals, afterMs: number): Promise<number | null>;
};

/** The hub, or another program beside it, that `npm run build` built, started from anywhere. */
export function hubProgram(name: 'hub' | 'export' | 'audit' = 'hub'): HubProgram {
  const program = join(root, 'dist', 'node', `${name}.js`);
  const launch = (args: string[], env: Record<string, string>, channel = false) =>
    spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env.PATH ?? '', LOG_LEVEL: 'info', ...env },
      stdio: ['ignore', 'pipe', 'pipe', ...(channel ? (['ipc'] as const) : [])],
    });
  return {
    run: (args, env) =>
      new Promise((done, fail) => {
        const child = launch(args, env);
        let [out, err] = ['', ''];
        child.stdout?.on('data', (chunk) => {
          out += chunk;
        });
        child.stderr?.on('data', (chunk) => {
          err += chunk;
        });
        child.once('error', fail);
        child.once('close', (code) => done({ code: code ?? -1, out, err }));
      }),
    interrupt: async (env, signal, afterMs) => {
      const child = launch([], env);
      const ended = new Promise<number | null>((done) => child.once('exit', done));
      await until('the hub listens for signals', () => catches(child.pid ?? 0), limits.loadMs);
      setTimeout(() => child.kill(signal), afterMs);
      return ended;
    },
    start: (env, channel) =>
      new Promise((done, fail) => {
        const child = launch([], env, channel);
        const ended = new Promise<number | null>((end) => child.once('exit', end));
        let said = '';
        const hear = (chunk: Buffer) => {
          said += chunk.toString('utf8');
          const url = /Hub ready: (\S+\/)clinic/.exec(said)?.[1];
          if (url !== undefined) done({ child, url, ended });
        };
        child.stdout?.on('data', hear);
        child.stderr?.on('data', hear);
        void ended.then(() => fail(new Error(`the hub ended: ${said}`)));
      }),
  };
}

/** Whether the process catches SIGHUP already. */
async function catches(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (BigInt(`0x${/SigCgt:\s*([0-9a-f]+)/.exec(status)?.[1] ?? '0'}`) & hangUp) !== 0n;
}
