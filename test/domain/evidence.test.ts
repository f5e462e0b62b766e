// Merkle trees against RFC 6962's published vectors, signed notes against the reference note, and the exact texts.
import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base64Of, bytesOfBase64 } from '../../src/domain/base64.ts';
import { batchEnd, batchText, leafOf, leafText } from '../../src/domain/evidence.ts';
import {
  consistencyProof,
  growingTree,
  holdsLeaf,
  inclusionProof,
  isBeginning,
  leafHash,
  merkleRoot,
} from '../../src/domain/merkle.ts';
import { hexOf } from '../../src/domain/sha256.ts';
import { checkpointOf, checkpointText, keyOf, noteOf, partsOfNote, verifierKey } from '../../src/domain/signed-note.ts';

// The test tree of the Certificate Transparency project (RFC 6962's own implementation).
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const leaves = inputs.map((hex) => leafHash(Uint8Array.from(Buffer.from(hex, 'hex'))));
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const nodes = {
  leaf1: '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  leaf4: 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  leaf6: 'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
  pair1: '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
  pair2: '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
  pair3: 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
  four1: '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
};
const hexes = (list: readonly Uint8Array[]) => list.map(hexOf);
const bytes = (hex: string | undefined) => Uint8Array.from(Buffer.from(hex ?? '', 'hex'));

test('every root of the published tree comes out, at once and leaf by leaf', () => {
  const tree = growingTree();
  for (const [size, root] of roots.entries()) {
    expect(hexOf(merkleRoot(leaves.slice(0, size)))).toBe(root);
    expect(hexOf(tree.root())).toBe(root);
    const next = leaves[size];
    if (next !== undefined) tree.add(next);
  }
});

test('the published inclusion proofs come out', () => {
  const proofs: [number, number, string[]][] = [
    [0, 1, []],
    [0, 8, [nodes.leaf1, nodes.pair1, nodes.four1]],
    [5, 8, [nodes.leaf4, nodes.pair3, roots[4] ?? '']],
    [2, 3, [roots[2] ?? '']],
    [1, 5, [roots[1] ?? '', nodes.pair1, nodes.leaf4]],
  ];
  for (const [index, size, proof] of proofs) expect(hexes(inclusionProof(index, leaves.slice(0, size)))).toEqual(proof);
});

test('the published consistency proofs come out', () => {
  const proofs: [number, number, string[]][] = [
    [1, 1, []],
    [1, 8, [nodes.leaf1, nodes.pair1, nodes.four1]],
    [6, 8, [nodes.pair2, nodes.pair3, roots[4] ?? '']],
    [2, 5, [nodes.pair1, nodes.leaf4]],
    [6, 7, [nodes.pair2, nodes.leaf6, roots[4] ?? '']],
  ];
  for (const [size, newSize, proof] of proofs)
    expect(hexes(consistencyProof(size, leaves.slice(0, newSize)))).toEqual(proof);
});

test('every proof of every tree up to 40 leaves holds, and none holds for another leaf, size or root', () => {
  const many = Array.from({ length: 40 }, (_, n) => leafHash(Uint8Array.of(n)));
  for (let size = 1; size <= many.length; size++) {
    const tree = many.slice(0, size);
    const root = merkleRoot(tree);
    for (let index = 0; index < size; index++) {
      const proof = inclusionProof(index, tree);
      const leaf = many[index] ?? root;
      expect(holdsLeaf({ index, size, leaf, root }, proof)).toBe(true);
      expect(holdsLeaf({ index: index + 1, size, leaf, root }, proof)).toBe(false);
      expect(holdsLeaf({ index, size, leaf: root, root: leafHash(root) }, proof)).toBe(false);
      expect(holdsLeaf({ index, size, leaf, root }, [...proof, leaf])).toBe(false);
      const old = { size: index + 1, root: merkleRoot(tree.slice(0, index + 1)) };
      const path = consistencyProof(index + 1, tree);
      expect(isBeginning(old, { size, root }, path)).toBe(true);
      expect(isBeginning({ ...old, root: leafHash(root) }, { size, root }, path)).toBe(false);
      expect(isBeginning(old, { size, root: leafHash(root) }, path)).toBe(false);
      expect(isBeginning(old, { size, root }, [...path, root])).toBe(false);
    }
  }
});

test('base64 is what Node writes, and nothing else is read', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (given) => {
      const text = Buffer.from(given).toString('base64');
      expect(base64Of(given)).toBe(text);
      expect(bytesOfBase64(text)).toEqual(given);
    }),
  );
  for (const bad of ['A', 'AA', 'AA=A', 'AB==', 'AA= ', '====', 'A===']) expect(bytesOfBase64(bad)).toBeNull();
});

test('the reference note of the signed-note format is read, made again byte for byte, and its signature holds', () => {
  const key = keyOf('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
  const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const blob = 'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=';
  const note = `${text}\n\u2014 PeterNeumann ${blob}\n`;
  if (key === null) throw new Error('the key is not read');
  const parts = partsOfNote(note);
  const signature = parts?.signatures[0]?.blob.slice(4) ?? new Uint8Array();
  expect(parts?.text).toBe(text);
  expect(hexOf(parts?.signatures[0]?.blob.slice(0, 4) ?? signature)).toBe('c74f20a3');
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key.publicKey).toString('base64url') };
  expect(verify(null, Buffer.from(text), createPublicKey({ key: jwk, format: 'jwk' }), signature)).toBe(true);
  expect(noteOf(text, key, signature)).toBe(note);
  expect(verifierKey(key.name, key.publicKey)).toBe(
    'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  );
  expect(keyOf('PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')).toBeNull();
});

test('a checkpoint is the three lines of the format and its extensions, and goes both ways', () => {
  const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
  const read = checkpointOf(text);
  expect(read?.size).toBe(20_852_163);
  if (read !== null) expect(checkpointText(read)).toBe(text);
  const more = { origin: 'o', size: 0, root: bytes(roots[0]), extra: ['day 2026-11-24'] };
  expect(checkpointOf(checkpointText(more))).toEqual(more);
  for (const bad of [text.slice(0, -1), text.replace('20852163', '020'), text.replace('=', ''), `${text}\n`])
    expect(checkpointOf(bad)).toBeNull();
});

test('the end of a batch is its highest readable entry of this writer', () => {
  const hash = (digit: string) => digit.repeat(64);
  const entry = (seq: number, digit: string, writerId = 'w') => ({ writerId, seq, hash: hash(digit) });
  expect(batchEnd('w', [])).toEqual({ seq: 0, hash: hash('0') });
  expect(batchEnd('w', [null, 3, { seq: 9 }, entry(9, '1', 'other'), { ...entry(8, '2'), hash: 'short' }])).toEqual({
    seq: 0,
    hash: hash('0'),
  });
  expect(batchEnd('w', [entry(2, 'a'), entry(3, 'b'), entry(3, 'c'), entry(1, 'd')])).toEqual({
    seq: 3,
    hash: hash('b'),
  });
});

test('texts that are signed stand as docs/protocol.md writes them, and leaves go both ways', () => {
  const hash = 'ab'.repeat(32);
  const end = { seq: 7, hash };
  expect(batchText({ station: 'st-1', epoch: null, writer: 'w', end, holding: 'held' })).toBe(
    `mengang/batch/v1\nheld\nst-1\n-\nw\n7\n${hash}\n`,
  );
  const writer = { kind: 'writer', station: 'st-1', writer: 'w', seq: 7, hash } as const;
  expect(leafText(writer)).toBe(`mengang/writer/v1\nst-1\nw\n7\n${hash}\n`);
  const key = { kind: 'key', station: 'st-1', keyId: 'k', publicKey: 'AAA=', state: 'good' } as const;
  expect([leafOf(leafText(writer)), leafOf(leafText(key))]).toEqual([writer, key]);
  expect(leafOf(leafText(writer).slice(0, -1))).toBeNull();
});
