// The key that signs the hub's heads: made once in the folder of heads (0600), never in the database that it vouches for.
// Called by heads.ts.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { keyIdOf, type NoteKey, noteOf, verifierKey } from '../src/domain/signed-note.ts';
import { syncFolder } from './folder.ts';

export type HeadSigner = {
  /** The verifier's key of this log, as it is written down. */
  vkey(origin: string): string;
  /** The signed note over `text`. */
  note(origin: string, text: string): string;
};

/** Folder of heads of this process: `heads` in STATE_DIR, also where the database is elsewhere. */
export function headsFolder(): string {
  return resolve(join(process.env.STATE_DIR ?? './.state', 'heads'));
}

/** Reads the key of this folder, or makes it. Throws what the file system throws. */
export async function headSigner(folder: string): Promise<HeadSigner> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'log-key.pem');
  const key = (await readKey(path)) ?? (await newKey(folder, path));
  const jwk = createPublicKey(key).export({ format: 'jwk' });
  const publicKey = Uint8Array.from(Buffer.from(String(jwk.x), 'base64url'));
  const named = (origin: string): NoteKey => ({ name: origin, id: keyIdOf(origin, publicKey), publicKey });
  return {
    vkey: (origin) => verifierKey(origin, publicKey),
    note: (origin, text) => noteOf(text, named(origin), sign(null, Buffer.from(text, 'utf8'), key)),
  };
}

async function readKey(path: string): Promise<KeyObject | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : createPrivateKey(text);
}

/** Whole and on the disk before it signs anything; another process that was faster keeps its key, and this one reads it. */
async function newKey(folder: string, path: string): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(privateKey.export({ format: 'pem', type: 'pkcs8' }));
      await file.sync();
    } finally {
      await file.close();
    }
    // Never over another one, and never a name without its key: a kill here must not leave a log that nobody can sign.
    await link(draft, path);
    await syncFolder(folder);
    return privateKey;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const there = await readKey(path);
    if (there === null) throw error;
    return there;
  } finally {
    await rm(draft, { force: true });
  }
}
