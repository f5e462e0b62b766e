// A station's key and its signatures, as a bridge or a tablet makes them, for tests of the hub. Used by test/hub.
import { generateKeyPairSync, sign } from 'node:crypto';
import type { EnrolRequest } from '../../src/contracts/evidence.ts';
import { batchEnd, batchText, type Holding, possessionText } from '../../src/domain/evidence.ts';

export type TestKey = { publicKey: string; sign(text: string): string };

export function newTestKey(): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x } = publicKey.export({ format: 'jwk' });
  return {
    publicKey: Buffer.from(String(x), 'base64url').toString('base64'),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64'),
  };
}

/** Value of the header Mengang-Signature for this batch. */
export function signatureOf(
  key: TestKey,
  station: string,
  batch: { writerId: string; epoch: string | null; entries: readonly unknown[] },
  holding: Holding = 'held',
): string {
  const { writerId: writer, epoch, entries } = batch;
  const text = batchText({ station, epoch, writer, end: batchEnd(writer, entries), holding });
  return `v1 ${key.publicKey} ${holding} ${key.sign(text)}`;
}

export function enrolRequestOf(key: TestKey, code: string, name: string, campus = 'beijing'): EnrolRequest {
  const proof = key.sign(possessionText('enrol', code, key.publicKey));
  return { contract: 1, code, place: { name, campus }, publicKey: key.publicKey, proof };
}
