// The station's Ed25519 key in the state folder (0600): made at the first start, signs batches and the redeeming of a pairing
// code, never leaves the folder. Called by the bridge and by enrolment.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { BridgeRefusal } from './bridge-refusal.ts';
import { readState, writeState } from './state-file.ts';
import { texts } from './texts.ts';

export type StationKey = {
  /** Base64 of the 32 bytes. */
  publicKey: string;
  /** Base64 of the signature over the UTF-8 of `text`. */
  sign(text: string): string;
};

const keyFile = z.object({ kind: z.literal('ed25519'), privateKey: z.string() });

/** Reads the key of this folder or makes it. Refuses a file that holds something else: a new key would be another station. */
export async function stationKey(stateDir: string): Promise<StationKey> {
  const path = join(stateDir, 'station-key.json');
  const stored = await readState(path);
  const key = stored === undefined ? await newKey(path) : keyOf(stored, path);
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return {
    publicKey: Buffer.from(String(x), 'base64url').toString('base64'),
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), key).toString('base64'),
  };
}

function keyOf(stored: unknown, path: string): KeyObject {
  const read = keyFile.safeParse(stored);
  if (!read.success) throw new BridgeRefusal(texts.keyUnreadable(path));
  try {
    return createPrivateKey(read.data.privateKey);
  } catch {
    throw new BridgeRefusal(texts.keyUnreadable(path));
  }
}

async function newKey(path: string): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  await writeState(path, { kind: 'ed25519', privateKey: pem });
  return privateKey;
}
