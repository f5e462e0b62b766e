// OSDP's secure channel as the control unit has it: session keys from a shared key and two random numbers, then every packet with
// a chained MAC and encrypted data. Called by the control unit. Facts: SIA OSDP, Annex D and E; goToMain/libosdp.
import { type BlockCipher, decryptChain, encryptChain, inverted, isSame, padded, unpadded } from './aes.ts';
import { coveredBytes, frameOf, type Head, macBytes, type Packet, scs } from './packet.ts';

export const keyBytes = 16;
export const challengeBytes = 8;

/** The key that every device has when it is new; its use is told by type 0 in the security block. */
export const defaultKey = Uint8Array.from({ length: keyBytes }, (_, index) => 0x30 + index);

export type SessionKeys = { encrypt: Uint8Array; mac1: Uint8Array; mac2: Uint8Array };

export function sessionKeys(cipher: BlockCipher, key: Uint8Array, challenge: Uint8Array): SessionKeys {
  const derived = (first: number, second: number) => {
    const block = new Uint8Array(keyBytes);
    block.set([first, second, ...challenge.subarray(0, 6)]);
    return cipher.encrypt(key, block);
  };
  return { encrypt: derived(0x01, 0x82), mac1: derived(0x01, 0x01), mac2: derived(0x01, 0x02) };
}

/** The full MAC of 16 bytes; `before` is the full MAC of the packet before, from the other side. */
export function macOf(cipher: BlockCipher, keys: SessionKeys, before: Uint8Array, covered: Uint8Array): Uint8Array {
  const blocks = padded(covered, false);
  const most = blocks.subarray(0, blocks.length - keyBytes);
  const chained = encryptChain(cipher, keys.mac1, before, most);
  const iv = most.length > 0 ? chained.subarray(chained.length - keyBytes) : before;
  return encryptChain(cipher, keys.mac2, iv, blocks.subarray(most.length));
}

export type SecureChannel = {
  /** 0 for the default key, 1 for one of the site's own. */
  keyType: number;
  challenge: Uint8Array;
  /** The answer to a reply CCRYPT: the server's cryptogram, or null when the device does not know the key. */
  answerTo(data: Uint8Array): Uint8Array | null;
  /** Whether the reply RMAC_I is right; from then on packets may be sealed. */
  begins(reply: Packet): boolean;
  isOpen(): boolean;
  /** A command's frame; each call moves the chain on: a repeated frame must be the same bytes, not sealed again. */
  seal(head: Omit<Head, 'security'>, code: number, data: Uint8Array): Uint8Array;
  /** The data of a sealed reply in the clear; null when the MAC is wrong, which ends the session. */
  unseal(reply: Packet): Uint8Array | null;
};

/** `challenge`: 8 random bytes, new for each session. */
export function createSecureChannel(cipher: BlockCipher, key: Uint8Array, challenge: Uint8Array): SecureChannel {
  const keys = sessionKeys(cipher, key, challenge);
  const keyType = isSame(key, defaultKey) ? 0 : 1;
  let serverCryptogram: Uint8Array | null = null;
  /** Full MACs of the last command and the last reply; each is the other's start. */
  let command: Uint8Array = new Uint8Array(keyBytes);
  let reply: Uint8Array | null = null;

  const expectedInitialMac = (cryptogram: Uint8Array) =>
    cipher.encrypt(keys.mac2, cipher.encrypt(keys.mac1, cryptogram));

  return {
    keyType,
    challenge,
    answerTo: (data) => {
      const random = data.subarray(8, 16);
      const client = cipher.encrypt(keys.encrypt, Uint8Array.from([...challenge, ...random]));
      if (data.length !== 32 || !isSame(client, data.subarray(16))) return null;
      serverCryptogram = cipher.encrypt(keys.encrypt, Uint8Array.from([...random, ...challenge]));
      return serverCryptogram;
    },
    begins: ({ security, data }) => {
      if (!serverCryptogram) return false;
      const expected = expectedInitialMac(serverCryptogram);
      if (security?.[0] !== scs.initialMac || security[1] !== 1 || !isSame(data, expected)) return false;
      reply = expected;
      return true;
    },
    isOpen: () => reply !== null,
    seal: (head, code, data) => {
      const before = reply ?? new Uint8Array(keyBytes);
      const isBare = data.length === 0;
      const sent = isBare ? data : encryptChain(cipher, keys.encrypt, inverted(before), padded(data, true));
      const sealed = { ...head, security: Uint8Array.of(isBare ? scs.plainCommand : scs.sealedCommand) };
      const covered = coveredBytes(sealed, code, sent);
      command = macOf(cipher, keys, before, covered);
      return frameOf(sealed, covered, command.subarray(0, macBytes));
    },
    unseal: ({ security, mac, data }) => {
      if (reply === null || mac === null) return null;
      const full = macOf(cipher, keys, command, mac.covered);
      if (!isSame(full.subarray(0, macBytes), mac.bytes)) {
        reply = null;
        return null;
      }
      reply = full;
      if (security?.[0] !== scs.sealedReply || data.length === 0) return data;
      const clear =
        data.length % keyBytes === 0 ? unpadded(decryptChain(cipher, keys.encrypt, inverted(command), data)) : null;
      if (clear === null) reply = null;
      return clear;
    },
  };
}
