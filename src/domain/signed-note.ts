// Text of C2SP signed notes and of tlog-checkpoints inside them: made, taken apart, never signed or verified here. Called by
// the hub's heads, by stations that keep them and by the auditor.
import { base64Of, bytesOfBase64 } from './base64.ts';
import { hexOf, sha256 } from './sha256.ts';
import { utf8Of } from './utf8.ts';

export const limits = { noteChars: 4_096, signatures: 16 } as const;

/** `origin` names the log, `root` is the 32 bytes of the Merkle root; `extra` are extension lines, none of them empty. */
export type Checkpoint = { origin: string; size: number; root: Uint8Array; extra: readonly string[] };
export type NoteKey = { name: string; id: Uint8Array; publicKey: Uint8Array };
/** The first four bytes of `blob` are the id of the key, the rest is the signature. */
export type NoteSignature = { name: string; blob: Uint8Array };

const ed25519 = 1;
const dash = '\u2014 ';

/** The checkpoint's text, which is what is signed: it ends with a line feed. */
export function checkpointText(checkpoint: Checkpoint): string {
  const { origin, size, root, extra } = checkpoint;
  return [origin, String(size), base64Of(root), ...extra, ''].join('\n');
}

/** null for what is not a checkpoint. */
export function checkpointOf(text: string): Checkpoint | null {
  const [origin, size, root, ...extra] = text.split('\n');
  const bytes = bytesOfBase64(root ?? '');
  if (extra.pop() !== '' || !origin || bytes?.length !== 32 || !/^(0|[1-9]\d{0,14})$/.test(size ?? '')) return null;
  if (extra.includes('')) return null;
  return { origin, size: Number(size), root: bytes, extra };
}

/** The first four bytes of SHA-256(name, line feed, 0x01, public key). */
export function keyIdOf(name: string, publicKey: Uint8Array): Uint8Array {
  return sha256(Uint8Array.from([...utf8Of(name), 10, ed25519, ...publicKey])).slice(0, 4);
}

/** How a verifier's key is written down: name+id+key. */
export function verifierKey(name: string, publicKey: Uint8Array): string {
  return `${name}+${hexOf(keyIdOf(name, publicKey))}+${base64Of(Uint8Array.from([ed25519, ...publicKey]))}`;
}

/** null for what is not the written form of an Ed25519 key, its id included. */
export function keyOf(text: string): NoteKey | null {
  const [, name = '', id = '', key = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const bytes = bytesOfBase64(key);
  if (bytes?.length !== 33 || bytes[0] !== ed25519) return null;
  const publicKey = bytes.slice(1);
  const made = keyIdOf(name, publicKey);
  return hexOf(made) === id ? { name, id: made, publicKey } : null;
}

/** The note: the text, an empty line, and a line for the signature of the 64 bytes `signature`. */
export function noteOf(text: string, key: NoteKey, signature: Uint8Array): string {
  return `${text}\n${dash}${key.name} ${base64Of(Uint8Array.from([...key.id, ...signature]))}\n`;
}

/** Text and signatures of a note; null for what is none. */
export function partsOfNote(note: string): { text: string; signatures: NoteSignature[] } | null {
  const cut = note.lastIndexOf('\n\n');
  if (cut < 0 || note.length > limits.noteChars || !note.endsWith('\n')) return null;
  const lines = note.slice(cut + 2, -1).split('\n');
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const [, name = '', blob = ''] = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
    const bytes = bytesOfBase64(blob);
    if (bytes === null || bytes.length < 5 || signatures.length >= limits.signatures) return null;
    signatures.push({ name, blob: bytes });
  }
  return { text: note.slice(0, cut + 1), signatures };
}
