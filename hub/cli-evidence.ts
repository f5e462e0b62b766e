// Commands of `npm run hub -- ...` for stations' enrolment and for heads. Called by cli.ts.

import { createReadStream, existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Pool } from './database.ts';
import { headsFolder } from './head-key.ts';
import { makeHead } from './heads.ts';
import { headsFileOf } from './heads-file.ts';
import type { Clock, Ledger } from './ledger.ts';
import { makePairing, limits as pairingLimits } from './pairing.ts';
import { campusList } from './staff-list.ts';
import { endKey, revokeStation, stationList } from './station-keys.ts';
import { cliTexts } from './texts.ts';

export const evidenceOptions = {
  pair: { type: 'string' },
  stations: { type: 'boolean' },
  'revoke-station': { type: 'string' },
  'forget-key': { type: 'string' },
  heads: { type: 'string' },
  'head-now': { type: 'boolean' },
  'new-log': { type: 'boolean' },
  'new-campus': { type: 'boolean' },
} as const;

export type EvidenceCommand = {
  pair?: string | undefined;
  campus?: string | undefined;
  code?: string | undefined;
  stations?: boolean | undefined;
  'revoke-station'?: string | undefined;
  'forget-key'?: string | undefined;
  heads?: string | undefined;
  'head-now'?: boolean | undefined;
  'new-log'?: boolean | undefined;
  'new-campus'?: boolean | undefined;
};

type Parts = { pool: Pool; ledger: Ledger; clock: Clock };

/** Exit code (2: not understood), or null when none of these commands was asked for. */
export async function runEvidence(given: EvidenceCommand, parts: Parts): Promise<number | null> {
  const { pool, ledger, clock } = parts;
  if (given.pair !== undefined) return pair(given, parts);
  if (given.stations) {
    for (const station of await stationList(pool)) console.log(JSON.stringify(station));
    return 0;
  }
  const revoked = given['revoke-station'];
  if (revoked !== undefined) {
    const done = await revokeStation(ledger, revoked, 'cli', clock.nowMs());
    return tell(done, cliTexts.stationRevoked(revoked), cliTexts.stationMissing(revoked));
  }
  const forgotten = given['forget-key'];
  if (forgotten !== undefined) {
    const done = await endKey(ledger, forgotten, 'cli', clock.nowMs());
    return tell(done, cliTexts.keyForgotten(forgotten), cliTexts.keyMissing(forgotten));
  }
  if (given['head-now']) {
    const head = await makeHead(pool, headsFolder(), clock.nowMs(), given['new-log'] ? 'new-log' : 'now');
    if (head !== null) console.log(cliTexts.headMade(head.day, head.size, head.vkey));
    if (given.heads === undefined) return 0;
  }
  return given.heads === undefined ? null : copyHeads(given.heads);
}

/** One letter and two digits, the beginning of case numbers; none given is one that the hub chooses. */
export function isStationCode(code: string | undefined): boolean {
  return code === undefined || /^[A-Z][0-9]{2}$/.test(code);
}

/** A typing error would make a campus: where there are some, another one is asked for by name. False = told why not. */
export async function mayUseCampus(pool: Pool, campus: string, mayBeNew: boolean | undefined): Promise<boolean> {
  const known = await campusList(pool);
  if (mayBeNew || known.length === 0 || known.includes(campus)) return true;
  console.error(cliTexts.campusUnknown(campus, known.join(', ')));
  return false;
}

async function pair(given: EvidenceCommand, { pool, ledger, clock }: Parts): Promise<number> {
  const { pair: name, campus, code } = given;
  if (!name || !campus || !isStationCode(code)) return 2;
  if (!(await mayUseCampus(pool, campus, given['new-campus']))) return 1;
  const made = await makePairing(ledger, { name, campus, code: code ?? null }, 'cli', clock.nowMs());
  console.log(cliTexts.pairing(name, made.code, pairingLimits.codeMs / 60_000));
  return 0;
}

async function copyHeads(target: string): Promise<number> {
  const path = headsFileOf(headsFolder());
  if (!existsSync(path)) {
    console.error(cliTexts.noHeads(path));
    return 1;
  }
  if (target === '-') {
    await pipeline(createReadStream(path), process.stdout, { end: false });
    return 0;
  }
  try {
    await copyFile(path, target);
  } catch (error) {
    // A copy that fails names its source first, which is not what is to be put right.
    if (!(error instanceof Error && 'code' in error)) throw error;
    console.error(cliTexts.copyFailed(target, String(error.code)));
    return 1;
  }
  console.log(cliTexts.headsCopied(target));
  return 0;
}

function tell(done: boolean, yes: string, no: string): number {
  if (done) console.log(yes);
  else console.error(no);
  return done ? 0 : 1;
}
