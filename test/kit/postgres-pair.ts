// A PostgreSQL primary with one synchronous streaming replica out of Debian's package, and an address in front that can be
// moved from one to the other. Called by test/hub/replica.test.ts.
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort, until } from './programs.ts';

const base = '/usr/lib/postgresql';

/** Folder of Debian's server programs, newest version; null where the package is not installed. */
export function debianPostgres(): string | null {
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions
    .map((version) => join(base, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'pg_basebackup')));
  return found ?? null;
}

export type PostgresPair = {
  /** Leads to whichever server the address stands for. */
  url: string;
  /** The primary ends at once, as in a power cut; the replica is promoted and the address moved to it. */
  failOver(): Promise<void>;
  stop(): Promise<void>;
};

export async function startPair(bin: string): Promise<PostgresPair> {
  const folder = mkdtempSync(join(tmpdir(), 'mengang-pair-'));
  chmodSync(folder, 0o755);
  const idOf = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  const ids = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : null;
  const run = (program: string, ...args: string[]) => {
    const starts = program === 'pg_ctl';
    const done = spawnSync(join(bin, program), args, {
      ...(ids ?? {}),
      cwd: '/',
      stdio: starts ? 'ignore' : 'pipe',
      encoding: 'utf8',
    });
    if (done.status !== 0) throw new Error(`${program}: ${done.stderr ?? done.status}`);
  };
  const data = (name: string) => join(folder, name);
  for (const name of ['primary', 'replica']) {
    mkdirSync(data(name), { mode: 0o700 });
    if (ids !== null) chownSync(data(name), ids.uid, ids.gid);
  }
  const ports = { primary: await freePort(), replica: await freePort(), address: await freePort() };
  const start = (name: 'primary' | 'replica') => {
    const options = `-p ${ports[name]} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c synchronous_commit=on`;
    run('pg_ctl', '-D', data(name), '-w', '-l', join(data(name), 'server.log'), '-o', options, 'start');
  };
  const urlOf = (port: number, database = 'mengang') => `postgres://mengang@127.0.0.1:${port}/${database}`;
  const ask = async (database: string, sql: string) => {
    const client = new pg.Client({ connectionString: urlOf(ports.primary, database) });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };

  run('initdb', `--pgdata=${data('primary')}`, '--auth=trust', '--username=mengang', '--encoding=UTF8', '--locale=C');
  start('primary');
  await ask('postgres', 'create database mengang');
  const source = `host=127.0.0.1 port=${ports.primary} user=mengang application_name=replica`;
  run('pg_basebackup', '-D', data('replica'), '-d', source, '-R', '-X', 'stream', '-c', 'fast');
  start('replica');
  await until(
    'the replica streams',
    async () => (await ask('postgres', 'select 1 from pg_stat_replication')).length > 0,
  );
  await ask('postgres', "alter system set synchronous_standby_names = 'replica'");
  await ask('postgres', 'select pg_reload_conf()');
  const isSync = "select 1 from pg_stat_replication where sync_state = 'sync'";
  await until('the replica is synchronous', async () => (await ask('postgres', isSync)).length > 0);

  let target = ports.primary;
  const open = new Set<Socket>();
  const address = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined); // the pair ends together, below
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((up) => address.listen(ports.address, '127.0.0.1', up));
  let primaryRuns = true;
  return {
    url: urlOf(ports.address),
    async failOver() {
      run('pg_ctl', '-D', data('primary'), '-m', 'immediate', '-w', 'stop');
      primaryRuns = false;
      run('pg_ctl', '-D', data('replica'), '-w', 'promote');
      target = ports.replica;
      for (const socket of open) socket.destroy();
    },
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((closed) => address.close(closed));
      if (primaryRuns) run('pg_ctl', '-D', data('primary'), '-m', 'immediate', '-w', 'stop');
      run('pg_ctl', '-D', data('replica'), '-m', 'immediate', '-w', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
