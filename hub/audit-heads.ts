// The auditor's view of the logs: leaves and heads as they are read, each head held against its signature and its tree, each
// leaf remembered as a claim. Called by audit.ts, for the export and for a heads file that was kept elsewhere.
import { createHash } from 'node:crypto';
import type { HeadLine, HeadsFileLine, LeafLine } from '../src/contracts/evidence.ts';
import { type Leaf, leafOf } from '../src/domain/evidence.ts';
import { growingTree, leafHash } from '../src/domain/merkle.ts';
import { hexOf } from '../src/domain/sha256.ts';
import { checkpointOf, keyOf, partsOfNote } from '../src/domain/signed-note.ts';
import { originOf } from './heads.ts';
import { hasSigned } from './station-keys.ts';

/** What a signed head says of a writer: up to here its chain had come, with this hash, when the head of `day` was made. */
export type Claim = { seq: number; hash: string; day: string; madeMs: number };
export type HeadFault = { kind: 'head'; log: string; number: number };

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

export type HeadsBook = {
  take(line: HeadsFileLine): void;
  faults: HeadFault[];
  heads: Map<string, HeadLine>;
  claims: Map<string, Claim[]>;
  /** Id of a key -> its station and the key itself, as the log has them. */
  keys: Map<string, Pick<Leaf & { kind: 'key' }, 'station' | 'publicKey'>>;
};

/** `known`: the book of a heads file from elsewhere; a head of the same number must be the same one. */
export function headsBook(known: HeadsBook | null): HeadsBook {
  const trees = new Map<string, { tree: ReturnType<typeof growingTree>; waiting: LeafLine[] }>();
  const book: HeadsBook = { take, faults: [], heads: new Map(), claims: new Map(), keys: new Map() };
  const treeOf = (log: string) => {
    const there = trees.get(log) ?? { tree: growingTree(sha256), waiting: [] };
    trees.set(log, there);
    return there;
  };

  function take(line: HeadsFileLine): void {
    if (line.kind === 'leaf') {
      const { tree, waiting } = treeOf(line.log);
      if (line.n !== tree.size()) return;
      tree.add(leafHash(Buffer.from(line.leaf, 'utf8'), sha256));
      waiting.push(line);
    } else if (line.kind === 'head') {
      takeHead(line);
    }
  }

  function takeHead(head: HeadLine): void {
    const id = `${head.log}/${head.number}`;
    const { tree, waiting } = treeOf(head.log);
    const other = known?.heads.get(id);
    const isGood = holds(head, tree.size(), hexOf(tree.root())) && (other === undefined || other.note === head.note);
    const isNext = head.number === 1 || book.heads.has(`${head.log}/${head.number - 1}`);
    book.heads.set(id, head);
    if (!isGood || !isNext) {
      book.faults.push({ kind: 'head', log: head.log, number: head.number });
      return;
    }
    for (const { leaf } of waiting.splice(0)) {
      const read = leafOf(leaf);
      if (read?.kind === 'key') book.keys.set(read.keyId, read);
      if (read?.kind !== 'writer') continue;
      const list = book.claims.get(read.writer) ?? [];
      list.push({ seq: read.seq, hash: read.hash, day: head.day, madeMs: head.madeMs });
      book.claims.set(read.writer, list);
    }
  }
  return book;
}

/** Signature, origin, day, size and root: all of them. */
function holds(head: HeadLine, size: number, root: string): boolean {
  const key = keyOf(head.vkey);
  const note = partsOfNote(head.note);
  const checkpoint = note === null ? null : checkpointOf(note.text);
  if (key === null || note === null || checkpoint === null) return false;
  const own = note.signatures.find(({ name, blob }) => name === key.name && hexOf(blob.slice(0, 4)) === hexOf(key.id));
  const publicKey = Buffer.from(key.publicKey).toString('base64');
  const says = [`day ${head.day} ${head.closed ? 'closed' : 'open'}`, `made ${head.madeMs}`];
  return (
    own !== undefined &&
    hasSigned(publicKey, note.text, Buffer.from(own.blob.slice(4)).toString('base64')) &&
    key.name === originOf(head.log) &&
    checkpoint.origin === key.name &&
    checkpoint.extra.join() === says.join() &&
    head.size === size &&
    checkpoint.size === size &&
    hexOf(checkpoint.root) === root
  );
}
