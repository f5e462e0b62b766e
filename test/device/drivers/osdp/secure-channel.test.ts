// The secure channel against the standard's examples and against a session captured between two independent programs.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createPacketFramer } from '../../../../device/drivers/osdp/framing.ts';
import type { Packet } from '../../../../device/drivers/osdp/packet.ts';
import { createSecureChannel, defaultKey, macOf, sessionKeys } from '../../../../device/drivers/osdp/secure-channel.ts';
import { nodeCipher } from '../../../../device/osdp-crypto.ts';
import { bytesOf } from '../../byte-tools.ts';
import { osdpRows } from './osdp-rows.ts';

const hex = (bytes: Uint8Array | null) => (bytes ? Buffer.from(bytes).toString('hex') : null);
const packetOf = (bytes: Uint8Array): Packet => {
  const packet = createPacketFramer().push(bytes)[0];
  if (packet?.kind !== 'packet') throw new Error('no packet');
  return packet;
};
const row = (scb: string, code: string) => {
  const found = osdpRows.find((one) => one.meaning.scb === scb && one.meaning.code === code);
  if (!found) throw new Error(`no row ${scb} ${code}`);
  return bytesOf(found.hex);
};

test('the cipher is that of FIPS 197', () => {
  const key = bytesOf('000102030405060708090a0b0c0d0e0f');
  const clear = bytesOf('00112233445566778899aabbccddeeff');
  expect(hex(nodeCipher.encrypt(key, clear))).toBe('69c4e0d86a7b0430d8cdb78070b4c55a');
  expect(hex(nodeCipher.decrypt(key, bytesOf('69c4e0d86a7b0430d8cdb78070b4c55a')))).toBe(hex(clear));
});

describe('SIA OSDP, Annex E', () => {
  const challenge = bytesOf('b0b1b2b3b4b5b6b7');
  const random = bytesOf('a0a1a2a3a4a5a6a7');
  const clientCryptogram = bytesOf('fde5d2f428ec16312471ea3c02bd7796');

  test('session keys', () => {
    const keys = sessionKeys(nodeCipher, defaultKey, challenge);
    expect(hex(keys.mac1)).toBe('5e86c676603bdee2d8beafe178637332');
    expect(hex(keys.mac2)).toBe('6fda86e857777e81132035758239172e');
    expect(hex(keys.encrypt)).toBe('bf8dc2a8329acb8c67c6d0cd9a451682');
  });

  test('cryptograms and the first MAC', () => {
    const channel = createSecureChannel(nodeCipher, defaultKey, challenge);
    expect(channel.keyType).toBe(0);
    const reply = Uint8Array.from([...new Uint8Array(8), ...random, ...clientCryptogram]);
    expect(hex(channel.answerTo(reply))).toBe('26d3356e07762d262801fc8e6665a891');
    const initial = (mac: string, ok = '01') => packetOf(framed(`53801b000e0314${ok}78${mac}`));
    expect(channel.begins(initial('b2a30057eb98ba2229ec1f875662b525'))).toBe(false);
    expect(channel.begins(initial('b2a30057eb98ba2229ec1f875662b524', 'ff'))).toBe(false);
    expect(channel.isOpen()).toBe(false);
    expect(channel.begins(initial('b2a30057eb98ba2229ec1f875662b524'))).toBe(true);
    expect(channel.isOpen()).toBe(true);
  });

  test('a device with another key is not believed', () => {
    const channel = createSecureChannel(nodeCipher, bytesOf('000102030405060708090a0b0c0d0e0f'), challenge);
    expect(channel.keyType).toBe(1);
    expect(channel.answerTo(Uint8Array.from([...new Uint8Array(8), ...random, ...clientCryptogram]))).toBeNull();
    expect(channel.answerTo(new Uint8Array(0))).toBeNull();
  });
});

describe('the captured session', () => {
  const key = bytesOf('000102030405060708090a0b0c0d0e0f');
  const challengeFrame = packetOf(row('SCS_11', '0x76'));
  const clientFrame = packetOf(row('SCS_12', '0x76'));

  function opened() {
    const channel = createSecureChannel(nodeCipher, key, challengeFrame.data);
    const cryptogram = channel.answerTo(clientFrame.data);
    if (!cryptogram) throw new Error('the captured cryptogram does not fit');
    const keys = sessionKeys(nodeCipher, key, challengeFrame.data);
    const mac = nodeCipher.encrypt(keys.mac2, nodeCipher.encrypt(keys.mac1, cryptogram));
    expect(channel.begins(packetOf(framed(`53e51b000d03140178${hex(mac)}`)))).toBe(true);
    return { channel, keys, mac };
  }
  const head = (sequence: number) => ({ address: 101, isReply: false, sequence, hasCrc: true, hasMark: true });

  test('the first poll is sealed as it was captured, and seven polls later the LED command and its reply', () => {
    const { channel, keys, mac } = opened();
    let before: Uint8Array = mac;
    const exchange = (sequence: number) => {
      const sent = channel.seal(head(sequence), 0x60, new Uint8Array(0));
      const asked = macOf(nodeCipher, keys, before, packetOf(sent).mac?.covered ?? new Uint8Array(0));
      const covered = bytesOf(`53e50e000${(12 + sequence).toString(16)}021640`);
      before = macOf(nodeCipher, keys, asked, covered);
      const reply = packetOf(framed(`${hex(covered)}${hex(before.subarray(0, 4))}`));
      expect(channel.unseal(reply)).toEqual(new Uint8Array(0));
      return sent;
    };
    expect(hex(exchange(2))).toBe('ff53650e000e021560934cf8f380d6');
    for (let poll = 1; poll < 7; poll += 1) exchange(((poll + 1) % 3) + 1);
    const led = channel.seal(head(3), 0x69, bytesOf('0000010a0a02000a000000000000'));
    expect(hex(led)).toBe(hex(row('SCS_17', '0x69')));
    expect(channel.unseal(packetOf(row('SCS_16', '0x40')))).toEqual(new Uint8Array(0));
  });

  test('a packet that is replayed, altered or in the clear ends the session', () => {
    const { channel } = opened();
    channel.seal(head(2), 0x60, new Uint8Array(0));
    expect(channel.unseal(packetOf(row('SCS_16', '0x40')))).toBeNull();
    expect(channel.isOpen()).toBe(false);
    const other = opened().channel;
    other.seal(head(2), 0x60, new Uint8Array(0));
    expect(other.unseal(packetOf(bytesOf('ff53e508000640b0f0')))).toBeNull();
  });

  test('a reply with data is read, whatever its length, also when it fills its blocks', () => {
    for (const length of [1, 15, 16, 17, 31, 32, 40]) {
      const { channel, keys } = opened();
      const sent = packetOf(channel.seal(head(2), 0x60, new Uint8Array(0)));
      // The reply by Node's own chaining.
      const initial = opened().mac;
      const asked = macOf(nodeCipher, keys, initial, sent.mac?.covered ?? new Uint8Array(0));
      const clear = Buffer.alloc(Math.ceil((length + 1) / 16) * 16);
      for (let at = 0; at < length; at += 1) clear[at] = at === length - 1 ? 0x80 : at;
      clear[length] = 0x80;
      const cipher = createCipheriv('aes-128-cbc', keys.encrypt, Buffer.from(asked.map((byte) => byte ^ 0xff)));
      const data = Buffer.concat([cipher.setAutoPadding(false).update(clear), cipher.final()]);
      const total = (5 + 2 + 1 + data.length + 4 + 2).toString(16).padStart(2, '0');
      const covered = bytesOf(`53e5${total}000e021850${data.toString('hex')}`);
      const mac = macOf(nodeCipher, keys, asked, covered);
      const reply = packetOf(framed(`${hex(covered)}${hex(mac.subarray(0, 4))}`));
      expect(hex(channel.unseal(reply)), String(length)).toBe(clear.subarray(0, length).toString('hex'));
    }
  });

  test('what is sealed with data opens by Node’s own chaining', () => {
    const { channel, keys, mac } = opened();
    const sent = packetOf(channel.seal(head(2), 0x6b, bytesOf('00010001010733362e35204f4b')));
    const decipher = createDecipheriv('aes-128-cbc', keys.encrypt, Buffer.from(mac.map((byte) => byte ^ 0xff)));
    const clear = Buffer.concat([decipher.setAutoPadding(false).update(sent.data), decipher.final()]);
    expect(clear.toString('hex')).toBe('00010001010733362e35204f4b800000');
  });
});

/** With its CRC behind it, bit by bit. */
function framed(bodyHex: string): Uint8Array {
  const body = bytesOf(bodyHex);
  let crc = 0x1d0f;
  for (const byte of body) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      const isOne = ((crc >>> 15) & 1) !== ((byte >>> bit) & 1);
      crc = ((crc << 1) & 0xffff) ^ (isOne ? 0x1021 : 0);
    }
  }
  return Uint8Array.from([...body, crc & 0xff, crc >>> 8]);
}
