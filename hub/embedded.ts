// The PostgreSQL server that comes with the package: where it may live, how it starts, how an orphan of a killed hub is
// taken over. Called by hub.ts and by the command line when no DATABASE_URL is given.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { type Binaries, binariesFor, type Runner, runnerFor, sharedFolder } from './embedded-place.ts';
import { makeFolder, syncFolder } from './folder.ts';
import { placeTexts } from './texts.ts';

export const limits = { startMs: 60_000, answerMs: 2_000, startAttempts: 3 } as const;

const databaseName = 'mengang';
const databaseUser = 'mengang';

/** Kept in the state folder as database.json (0600): where the data lies, and how to reach the server. */
type Notes = { dataDir: string; password: string; port: number };

export type Embedded = {
  url: string;
  dataDir: string;
  /** Random, made with the cluster, kept 0600 in the state folder. */
  secret: string;
  /** The server was already running: an orphan of a killed hub, or the server of a hub that runs now. */
  found: boolean;
  /** Stops the server (fast shutdown: open transactions are rolled back, everything committed is on disk). */
  stop(): Promise<void>;
};

/** Starts (or joins) the embedded server of this state folder. Throws with a sentence when it cannot run here. */
export async function startEmbedded(stateDir: string): Promise<Embedded> {
  const folder = resolve(stateDir);
  await makeFolder(folder);
  const runner = await runnerFor(folder);
  // The server's user passes through the state folder to its data; the secrets in it are 0600 and stay root's.
  if (runner.ids !== null && runner.reachable) await chmod(folder, 0o711);
  const binaries = await binariesFor(runner);
  const notes = (await readNotes(folder)) ?? (await firstNotes(folder, runner));
  const embedded = (port: number, found: boolean): Embedded => ({
    url: urlOf({ ...notes, port }),
    dataDir: notes.dataDir,
    secret: notes.password,
    found,
    stop: () => stopServer(binaries, runner, notes.dataDir),
  });
  if (notes.port > 0 && (await answers(urlOf(notes)))) return embedded(notes.port, true);
  await prepare(folder, notes, binaries, runner);
  await clearStalePid(notes.dataDir, binaries, runner);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const log = join(notes.dataDir, 'server.log');
    const ended = await run(binaries.pgCtl, runner, [
      '-D',
      notes.dataDir,
      '-l',
      log,
      '-w',
      '-t',
      String(limits.startMs / 1_000),
      '-o',
      `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=on -c synchronous_commit=on`,
      'start',
    ]);
    if (ended.code === 0) {
      await writeNotes(folder, { ...notes, port });
      await createDatabase({ ...notes, port });
      return embedded(port, false);
    }
    if (attempt >= limits.startAttempts) {
      throw new Error(placeTexts.notStarted(log));
    }
  }
}

function urlOf(notes: Notes, database = databaseName): string {
  return `postgres://${databaseUser}:${notes.password}@127.0.0.1:${notes.port}/${database}`;
}

async function readNotes(folder: string): Promise<Notes | null> {
  const text = await readFile(join(folder, 'database.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const parsed = jsonOf(text);
  if (
    typeof parsed === 'object' &&
    parsed !== null &&
    'dataDir' in parsed &&
    'password' in parsed &&
    'port' in parsed
  ) {
    const { dataDir, password, port } = parsed;
    if (typeof dataDir === 'string' && typeof password === 'string' && typeof port === 'number') {
      return { dataDir, password, port };
    }
  }
  throw new Error(placeTexts.notesBroken(join(folder, 'database.json')));
}

/** null when the text is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the caller says what to do about it
  }
}

async function firstNotes(folder: string, runner: Runner): Promise<Notes> {
  const id = randomBytes(8).toString('hex');
  const dataDir = runner.reachable ? join(folder, 'postgres') : join(sharedFolder, `data-${id}`);
  const notes = { dataDir, password: randomBytes(24).toString('hex'), port: 0 };
  await writeNotes(folder, notes);
  return notes;
}

/** Temp file, sync, rename, sync: a cut in the middle leaves the old notes, and none later brings them back. */
async function writeNotes(folder: string, notes: Notes): Promise<void> {
  const path = join(folder, 'database.json');
  await writeSynced(`${path}.new`, JSON.stringify(notes), 0o600);
  await rename(`${path}.new`, path);
  await syncFolder(folder);
}

async function writeSynced(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'w', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the cluster when there is none. A half-made one (killed in initdb) is put aside, never deleted. */
async function prepare(folder: string, notes: Notes, binaries: Binaries, runner: Runner): Promise<void> {
  if (await exists(join(notes.dataDir, 'ready'))) return;
  if (await exists(notes.dataDir)) await rename(notes.dataDir, `${notes.dataDir}.unfinished-${Date.now()}`);
  await mkdir(notes.dataDir, { recursive: true, mode: 0o700 });
  if (runner.ids !== null) await chown(notes.dataDir, runner.ids.uid, runner.ids.gid);
  const passwordFile = join(runner.reachable ? folder : sharedFolder, `password-${randomBytes(6).toString('hex')}`);
  await writeFile(passwordFile, `${notes.password}\n`, { mode: 0o600 });
  try {
    if (runner.ids !== null) await chown(passwordFile, runner.ids.uid, runner.ids.gid);
    const ended = await run(binaries.initdb, runner, [
      `--pgdata=${notes.dataDir}`,
      '--auth=scram-sha-256',
      `--username=${databaseUser}`,
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
    ]);
    if (ended.code !== 0) throw new Error(placeTexts.initFailed(ended.said.split('\n').at(-1) ?? ''));
  } finally {
    await unlink(passwordFile);
  }
  // Before the first row: a mark lost with the power would put aside a cluster that holds receipts.
  await writeSynced(join(notes.dataDir, 'ready'), '', 0o644);
  await syncFolder(notes.dataDir);
  await syncFolder(dirname(notes.dataDir));
}

/** After a power cut another process may wear the number in postmaster.pid, and the server would refuse to start. */
async function clearStalePid(dataDir: string, binaries: Binaries, runner: Runner): Promise<void> {
  const path = join(dataDir, 'postmaster.pid');
  if (!(await exists(path))) return;
  const pid = Number((await readFile(path, 'utf8')).split('\n')[0]);
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (status === null) return; // nobody has this number, or there is no /proc: the server decides by itself
  const isDead = /\) Z /.test(status);
  if (isDead || !status.includes('(postgres)')) await unlink(path);
  // A server of ours that does not answer: stop it, then start afresh.
  else await run(binaries.pgCtl, runner, ['-D', dataDir, '-m', 'fast', '-w', '-t', '20', 'stop']);
}

async function stopServer(binaries: Binaries, runner: Runner, dataDir: string): Promise<void> {
  const ended = await run(binaries.pgCtl, runner, ['-D', dataDir, '-m', 'fast', '-w', '-t', '60', 'stop']);
  if (ended.code !== 0 && (await exists(join(dataDir, 'postmaster.pid')))) {
    throw new Error(placeTexts.notStopped(ended.said.split('\n').at(-1) ?? ''));
  }
}

async function createDatabase(notes: Notes): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(notes, 'postgres') });
  await client.connect();
  try {
    const there = await client.query('select 1 from pg_database where datname = $1', [databaseName]);
    if (there.rowCount === 0) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: limits.answerMs });
  client.on('error', () => undefined); // the answer is already told by the rejected connect
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? done(address.port) : fail(new Error('no port')),
      );
    });
  });
}

/** Runs a program as the server's user; its words come from a file descriptor that a daemon cannot hold open. */
function run(program: string, runner: Runner, args: string[]): Promise<{ code: number; said: string }> {
  return new Promise((done, fail) => {
    const starts = args.includes('start');
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', starts ? 'ignore' : 'pipe'],
      // Ctrl-C in the terminal is for the hub, which ends the server in its time.
      detached: true,
      cwd: '/',
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' },
      ...(runner.ids ?? {}),
    });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      if (said.length < 4_000) said += chunk.toString('utf8');
    });
    child.once('error', fail);
    child.once(starts ? 'exit' : 'close', (code) => done({ code: code ?? 1, said: said.trim() }));
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw error;
    },
  );
}
