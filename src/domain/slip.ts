// A case on paper: the check that raised it, signed by its station, as the text of a QR code. Packed by the bridge, read by the hub.
import { base32Of, bytesOfBase32 } from './base32.ts';

/** 900 packed bytes and the signature are 1,545 characters: a QR code of version 22 or 23 at level L, and never above 25. */
export const limits = { packedBytes: 900, slipChars: 1_600, signatureBytes: 64, prefix: 'MENGANG1' } as const;

/** What lies packed (raw deflate of its JSON) in a slip. `bytes`: the entry, its readings perhaps thinned out. */
export type SlipContent = [entryId: string, writerId: string, seq: number, hash: string, bytes: string];

/** What the station's key signs. */
export function slipStatement(packed: Uint8Array): string {
  return `mengang slip v1\n${base32Of(packed)}`;
}

export function slipText(signature: Uint8Array, packed: Uint8Array): string {
  return limits.prefix + base32Of(signature) + base32Of(packed);
}

const signatureChars = Math.ceil((limits.signatureBytes * 8) / 5);

/** Signature and packed bytes of what a scanner typed, or null: too long, another prefix, damaged. Spaces and case do not matter. */
export function readSlip(typed: string): { signature: Uint8Array; packed: Uint8Array } | null {
  if (typed.length > limits.slipChars * 2) return null;
  const text = typed.replace(/\s/g, '').toUpperCase();
  if (text.length > limits.slipChars || !text.startsWith(limits.prefix)) return null;
  const body = text.slice(limits.prefix.length);
  const signature = bytesOfBase32(body.slice(0, signatureChars));
  const packed = bytesOfBase32(body.slice(signatureChars));
  return signature?.length === limits.signatureBytes && packed !== null && packed.length > 0
    ? { signature, packed }
    : null;
}
