// Redeems a pairing code with the station's key, and keeps what the hub gave for it in the state folder (0600). Called by main.
import { mkdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { type EnrolRequest, enrolAnswer, pairingCode } from '../src/contracts/evidence.ts';
import { contractVersion } from '../src/contracts/kit.ts';
import { errorAnswer } from '../src/contracts/upload.ts';
import { possessionText } from '../src/domain/evidence.ts';
import { BridgeRefusal } from './bridge-refusal.ts';
import type { BridgeConfig, Enrolment } from './config.ts';
import { createHubClient } from './http-hub.ts';
import { writeState } from './state-file.ts';
import { stationKey } from './station-key.ts';
import { type Sentence, texts } from './texts.ts';

const enrolmentFile = z.object({ token: z.string(), stationId: z.string(), code: z.string() });
const pathIn = (stateDir: string): string => join(stateDir, 'enrolment.json');

/** What this state folder holds of an enrolment; null when there is none. Synchronous: read once, at the start. */
export function readEnrolment(stateDir: string): Enrolment | null {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(pathIn(stateDir), 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const read = enrolmentFile.safeParse(value);
  return read.success ? read.data : null;
}

/** Asks the hub and keeps its answer; the sentence says what came of it. */
export async function enrol(config: BridgeConfig, code: string): Promise<{ ok: boolean; sentence: Sentence }> {
  if (!pairingCode.safeParse(code).success) return { ok: false, sentence: texts.enrolCode() };
  try {
    mkdirSync(config.stateDir, { recursive: true, mode: 0o700 });
    const key = await stationKey(config.stateDir);
    const { name, campus } = config.station;
    const proof = key.sign(possessionText('enrol', code, key.publicKey));
    const { publicKey } = key;
    return await ask(config, { contract: contractVersion, code, place: { name, campus }, publicKey, proof });
  } catch (error) {
    if (error instanceof BridgeRefusal) return { ok: false, sentence: error.sentence };
    return { ok: false, sentence: texts.enrolAway(reasonOf(error)) };
  }
}

async function ask(config: BridgeConfig, request: EnrolRequest): Promise<{ ok: boolean; sentence: Sentence }> {
  const ca = config.hubCa === null ? null : await readFile(config.hubCa, 'utf8');
  const hub = createHubClient(config.hubUrl, null, ca);
  try {
    const answer = await hub.askWhole({
      method: 'POST',
      path: '/hub/station/enrol',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(request)),
    });
    const body: unknown = JSON.parse(answer.body.toString('utf8'));
    const refused = errorAnswer.safeParse(body);
    if (refused.success) {
      const { zh, en, details } = refused.data.error;
      const more = details === undefined ? '' : ` ${details.join(', ')}`;
      return { ok: false, sentence: texts.enrolRefused(zh + more, en + more) };
    }
    const { station, token } = enrolAnswer.parse(body);
    const kept: Enrolment = { token, stationId: station.id, code: station.code };
    await writeState(pathIn(config.stateDir), kept);
    return { ok: true, sentence: texts.enrolled(station.name, station.id) };
  } finally {
    hub.close();
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error) return String(error.code);
  return error.name === 'SyntaxError' || error.name === '$ZodError' ? 'not this protocol' : error.message;
}
