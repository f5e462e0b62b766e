// One-off commands of `npm run hub -- ...`; they work beside a running hub and without one. Called by main.ts.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Logger } from 'pino';
import { limits as adminLimits, newStaffRequest } from '../src/contracts/admin.ts';
import { pinFits } from '../src/domain/password.ts';
import { openBase, openServer, type Storage } from './base.ts';
import { evidenceOptions, isStationCode, mayUseCampus, runEvidence } from './cli-evidence.ts';
import { runImport } from './cli-rescue.ts';
import type { Pool } from './database.ts';
import { seedDemo } from './demo.ts';
import { startFeed } from './feed.ts';
import { isHostName } from './hosts.ts';
import { systemClock } from './hub.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { checkSchema } from './migrate.ts';
import { enrolByHand } from './pairing.ts';
import { Refusal } from './refusal.ts';
import { type Role, roles } from './roles.ts';
import { importRoster, previewRoster } from './roster-import.ts';
import { newPassword } from './staff.ts';
import { newPin, storeStaff } from './staff-change.ts';
import { writing } from './start-sentence.ts';
import { cliTexts, refusalTexts } from './texts.ts';
import { backupTexts } from './texts-backup.ts';

const options = {
  'first-admin': { type: 'string' },
  'add-staff': { type: 'string' },
  role: { type: 'string' },
  pin: { type: 'string' },
  'add-station': { type: 'string' },
  campus: { type: 'string' },
  code: { type: 'string' },
  'import-roster': { type: 'string' },
  'dry-run': { type: 'boolean' },
  'accept-valid-rows': { type: 'boolean' },
  'make-ca': { type: 'boolean' },
  host: { type: 'string' },
  'seed-demo': { type: 'boolean' },
  backup: { type: 'string' },
  'note-backup': { type: 'boolean' },
  restore: { type: 'string' },
  replace: { type: 'boolean' },
  migrate: { type: 'boolean' },
  'import-rescue': { type: 'string' },
  ...evidenceOptions,
} as const;

/** What a call is for; the other options say how. */
const commands = [
  ...(['first-admin', 'add-staff', 'add-station', 'import-roster', 'make-ca', 'seed-demo', 'backup'] as const),
  ...(['note-backup', 'restore', 'migrate', 'import-rescue', 'pair', 'stations', 'revoke-station'] as const),
  ...(['forget-key', 'heads', 'head-now'] as const),
] satisfies (keyof typeof options)[];

/** Does what the arguments ask and answers the exit code: 0 done, 1 refused, 2 not understood. */
export async function runCommand(args: string[], storage: Storage, log: Logger): Promise<number> {
  const given = valuesOf(args);
  if (given === null) return usage();
  // A head that is made may be taken away at once; of any other two, one would silently not be done.
  const asked = commands.filter((command) => given[command] !== undefined);
  if (asked.length > 1 && asked.join() !== 'heads,head-now') {
    console.error(cliTexts.oneCommand(asked.map((command) => `--${command}`).join(' ')));
    return 2;
  }
  const name = given['first-admin'] || given['add-staff'] || given['add-station'] || given.pair;
  if (name && !newStaffRequest.shape.name.safeParse(name).success) {
    console.error(cliTexts.badName(adminLimits.nameChars));
    return 2;
  }
  if (given['make-ca']) return given.host === undefined ? usage() : await certificates(storage, given.host);
  if (given.restore) return restoreFrom(storage, given.restore, given.replace ?? false, log);
  const base = await openBase(storage, log);
  const feed = await startFeed(base.pool, log, systemClock.nowMs);
  try {
    const secret = base.embedded?.secret ?? ('databaseUrl' in storage ? storage.databaseUrl : '');
    const ledger = openLedger(base.pool, feed, systemClock);
    const done = await runEvidence(given, { pool: base.pool, ledger, clock: systemClock });
    if (done !== null) return done === 2 ? usage() : done;
    const rescued = given['import-rescue'];
    if (rescued !== undefined) {
      return await runImport(rescued, { pool: base.pool, ledger, clock: systemClock, log });
    }
    return await run(given, base.pool, ledger, secret);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { zh, en } = refusalTexts[error.code];
    console.error([`${zh} ${en}`, ...error.details].join('\n'));
    return 1;
  } finally {
    feed.stop();
    await base.close(base.embedded !== null && !base.embedded.found);
  }
}

type Given = NonNullable<ReturnType<typeof valuesOf>>;

function valuesOf(args: string[]) {
  try {
    return parseArgs({ args: args.flatMap(toStandardOutput), options, allowPositionals: false }).values;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** `--heads` without a file prints. */
function toStandardOutput(arg: string, at: number, args: readonly string[]): string[] {
  const next = args[at + 1];
  return arg === '--heads' && (next === undefined || next.startsWith('--')) ? [arg, '-'] : [arg];
}

async function run(given: Given, pool: Pool, ledger: Ledger, secret: string): Promise<number> {
  const nowMs = systemClock.nowMs();
  if (given['first-admin']) return addWithPassword(ledger, given['first-admin'], 'admin', nowMs);
  if (given['add-staff']) return addStaff(ledger, given, given['add-staff'], nowMs);
  if (given['add-station']) {
    if (!given.campus || !isStationCode(given.code)) return usage();
    if (!(await mayUseCampus(pool, given.campus, given['new-campus']))) return 1;
    const name = given['add-station'];
    const added = await enrolByHand(ledger, { name, campus: given.campus, code: given.code ?? null }, 'cli', nowMs);
    console.log(cliTexts.stationAdded(name, added.stationId, added.token));
    return 0;
  }
  if (given['import-roster']) {
    const bytes = await readFile(given['import-roster']).catch(() => null);
    if (bytes === null) {
      console.error(cliTexts.fileMissing(given['import-roster']));
      return 1;
    }
    const settings = { file: given['import-roster'], by: 'cli', acceptValidRows: given['accept-valid-rows'] ?? false };
    const done = given['dry-run'] ? await previewRoster(pool, bytes) : await importRoster(ledger, bytes, settings);
    console.log(JSON.stringify(done));
    return done.errors.length > 0 ? 1 : 0;
  }
  if (given.backup) {
    const { backUp } = await import('./backup.ts');
    const path = given.backup;
    const done = await writing(path, () => backUp(pool, resolve(path), systemClock.nowMs));
    console.log(backupTexts.done(path, done.rows, done.bytes));
    return 0;
  }
  if (given['note-backup']) {
    const { noteBackup } = await import('./backup.ts');
    await noteBackup(pool, nowMs, null, null);
    console.log(backupTexts.noted);
    return 0;
  }
  if (given.migrate) {
    // Done already: every command brings the schema up to date before it begins.
    console.log(cliTexts.migrated(await checkSchema(pool)));
    return 0;
  }
  if (given['seed-demo']) {
    console.log(JSON.stringify(await seedDemo(pool, ledger, systemClock, secret)));
    return 0;
  }
  return usage();
}

async function addStaff(ledger: Ledger, given: Given, name: string, nowMs: number): Promise<number> {
  const role = roles.find((known) => known === given.role);
  if (role === undefined) {
    if (given.role === undefined) return usage();
    console.error(cliTexts.badRole(given.role, roles.join(', ')));
    return 2;
  }
  if (role !== 'guard' && given.pin === undefined) return addWithPassword(ledger, name, role, nowMs);
  if (role !== 'guard' || (given.pin !== undefined && !pinFits(given.pin))) {
    console.error(role === 'guard' ? cliTexts.badPin : cliTexts.pinRole);
    return 2;
  }
  // As on the administration's page: a guard, who signs in by nothing else, gets a PIN when none is given.
  const pin = given.pin ?? newPin();
  await store(ledger, { name, role, password: null, once: false, pin }, nowMs);
  if (given.pin === undefined) console.log(cliTexts.pin(name, pin));
  return 0;
}

async function addWithPassword(ledger: Ledger, name: string, role: Role, nowMs: number): Promise<number> {
  const password = newPassword();
  await store(ledger, { name, role, password, once: true, pin: null }, nowMs);
  console.log(cliTexts.password(name, password));
  return 0;
}

async function store(ledger: Ledger, who: Parameters<typeof storeStaff>[1], nowMs: number): Promise<void> {
  const isNew = await storeStaff(ledger, who, 'cli', nowMs);
  console.log((isNew ? cliTexts.staffAdded : cliTexts.staffChanged)(who.name, who.role));
}

/** Before anything is migrated: the backup brings its own tables. */
async function restoreFrom(storage: Storage, path: string, replace: boolean, log: Logger): Promise<number> {
  const { restore, RestoreRefused } = await import('./restore.ts');
  const server = await openServer(storage, log);
  try {
    const done = await restore(server.pool, resolve(path), replace);
    console.log(backupTexts.restored(new Date(done.takenMs).toISOString(), done.rows, done.epoch));
    return 0;
  } catch (error) {
    if (!(error instanceof RestoreRefused)) throw error;
    console.error(error.message);
    return 1;
  } finally {
    await server.close(server.embedded !== null && !server.embedded.found);
  }
}

async function certificates(storage: Storage, host: string): Promise<number> {
  if (!isHostName(host)) {
    console.error(cliTexts.badHost(host));
    return 2;
  }
  const folder = resolve(join('stateDir' in storage ? storage.stateDir : (process.env.STATE_DIR ?? './.state'), 'ca'));
  // Loaded when it is wanted: a hub that starts needs none of it.
  const { makeCa } = await import('./ca.ts');
  const made = await makeCa(folder, host, systemClock.nowMs());
  console.log(made ? cliTexts.caMade(folder) : cliTexts.caThere(folder));
  return made ? 0 : 1;
}

function usage(): number {
  console.error(cliTexts.usage);
  return 2;
}
