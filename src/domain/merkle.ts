// The Merkle tree of RFC 6962 (2.1): leaf and node hashes, roots, inclusion and consistency proofs and their verification.
// Pure; called by the hub's heads, by stations that keep them and by the auditor.
import { hexOf, sha256 } from './sha256.ts';

/** SHA-256 over bytes; whoever has a faster one passes it in. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** Hash of a leaf: SHA-256(0x00, data). */
export function leafHash(data: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  const input = new Uint8Array(data.length + 1);
  input.set(data, 1);
  return hash(input);
}

/** Hash of an inner node: SHA-256(0x01, left, right). */
export function nodeHash(left: Uint8Array, right: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  const input = new Uint8Array(left.length + right.length + 1);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, left.length + 1);
  return hash(input);
}

/** Root over leaf hashes; of none, SHA-256 of nothing. */
export function merkleRoot(leaves: readonly Uint8Array[], hash: Sha256 = sha256): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return hash(new Uint8Array(0));
  if (leaves.length === 1) return first;
  const cut = split(leaves.length);
  return nodeHash(merkleRoot(leaves.slice(0, cut), hash), merkleRoot(leaves.slice(cut), hash), hash);
}

/** The sibling hashes that lead from leaf `index` to the root, from below. Throws a RangeError outside the tree. */
export function inclusionProof(index: number, leaves: readonly Uint8Array[], hash: Sha256 = sha256): Uint8Array[] {
  if (!(index >= 0 && index < leaves.length)) throw new RangeError('no such leaf');
  if (leaves.length === 1) return [];
  const cut = split(leaves.length);
  const [left, right] = [leaves.slice(0, cut), leaves.slice(cut)];
  return index < cut
    ? [...inclusionProof(index, left, hash), merkleRoot(right, hash)]
    : [...inclusionProof(index - cut, right, hash), merkleRoot(left, hash)];
}

/** What shows that the tree of the first `size` leaves is the beginning of this one. Throws a RangeError unless 0 < size <= n. */
export function consistencyProof(size: number, leaves: readonly Uint8Array[], hash: Sha256 = sha256): Uint8Array[] {
  if (!(size > 0 && size <= leaves.length)) throw new RangeError('no such size');
  return subProof(size, leaves, true, hash);
}

/** RFC 6962, 2.1.2; `known`: the verifier holds the root of just this part already. */
function subProof(size: number, leaves: readonly Uint8Array[], known: boolean, hash: Sha256): Uint8Array[] {
  if (size === leaves.length) return known ? [] : [merkleRoot(leaves, hash)];
  const cut = split(leaves.length);
  const [left, right] = [leaves.slice(0, cut), leaves.slice(cut)];
  return size <= cut
    ? [...subProof(size, left, known, hash), merkleRoot(right, hash)]
    : [...subProof(size - cut, right, false, hash), merkleRoot(left, hash)];
}

/** True when `proof` leads from this leaf hash at `index` to `root` of a tree of `size` leaves (RFC 9162, 2.1.3.2). */
export function holdsLeaf(
  claim: { index: number; size: number; leaf: Uint8Array; root: Uint8Array },
  proof: readonly Uint8Array[],
  hash: Sha256 = sha256,
): boolean {
  if (!(claim.index >= 0 && claim.index < claim.size)) return false;
  let [at, last, made] = [claim.index, claim.size - 1, claim.leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      made = nodeHash(sibling, made, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      made = nodeHash(made, sibling, hash);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && isSame(made, claim.root);
}

/** True when `proof` shows the tree (`size`, `root`) to be the beginning of the tree (`newSize`, `newRoot`) (RFC 9162, 2.1.4.2). */
export function isBeginning(
  old: { size: number; root: Uint8Array },
  now: { size: number; root: Uint8Array },
  proof: readonly Uint8Array[],
  hash: Sha256 = sha256,
): boolean {
  if (!(old.size > 0 && old.size <= now.size)) return false;
  if (old.size === now.size) return proof.length === 0 && isSame(old.root, now.root);
  let [at, last] = [old.size - 1, now.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  const path = at === 0 ? [old.root, ...proof] : proof;
  const [first, ...rest] = path;
  if (first === undefined) return false;
  let [madeOld, madeNew] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      madeOld = nodeHash(sibling, madeOld, hash);
      madeNew = nodeHash(sibling, madeNew, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      madeNew = nodeHash(madeNew, sibling, hash);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && isSame(madeOld, old.root) && isSame(madeNew, now.root);
}

/** A root that grows leaf by leaf and holds no more than one hash for each bit of the size. */
export function growingTree(hash: Sha256 = sha256) {
  /** Roots of complete trees, the largest first, each with its number of leaves. */
  const peaks: { size: number; root: Uint8Array }[] = [];
  let size = 0;
  return {
    add(leaf: Uint8Array): void {
      let grown = { size: 1, root: leaf };
      for (let last = peaks.at(-1); last !== undefined && last.size === grown.size; last = peaks.at(-1)) {
        peaks.pop();
        grown = { size: grown.size * 2, root: nodeHash(last.root, grown.root, hash) };
      }
      peaks.push(grown);
      size += 1;
    },
    size: () => size,
    root(): Uint8Array {
      const smallest = peaks.at(-1);
      if (smallest === undefined) return hash(new Uint8Array(0));
      return peaks.slice(0, -1).reduceRight((made, { root }) => nodeHash(root, made, hash), smallest.root);
    },
  };
}

/** The largest power of two below `n` (n > 1). */
function split(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

/** Shifts would cut at 32 bits. */
function half(n: number): number {
  return Math.floor(n / 2);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return hexOf(a) === hexOf(b);
}
