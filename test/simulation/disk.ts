// A disk in memory that knows what was written and what was synced: a kill keeps what was written, a power cut keeps the synced
// bytes, a torn piece of the rest, and names only where their folder was synced. Called by the simulated bridge.
import { dirname } from 'node:path';
import type { Disk, DiskFile } from '../../device/disk.ts';
import type { Life, World } from './world.ts';

type Inode = { bytes: Buffer; synced: Buffer; dirtyFrom: number };
type Fault = 'ENOENT' | 'EEXIST' | 'ENOSPC';

export class SimDisk {
  readonly #world: World;
  /** Names as a running system sees them, and as they are found after a power cut. */
  #names = new Map<string, Inode>();
  #durable = new Map<string, Inode>();
  full = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** The disk as one process sees it; a dead process waits for ever. */
  mount(life: Life): Disk {
    const world = this.#world;
    return {
      open: async (path, flags) => {
        const inode = this.#open(path, flags);
        return this.#file(inode, life);
      },
      makeFolder: async () => {},
      list: async (folder) =>
        [...this.#names.keys()].filter((path) => dirname(path) === folder).map((path) => path.slice(folder.length + 1)),
      rename: async (from, to) => {
        const inode = this.#names.get(from);
        if (inode === undefined) throw fault('ENOENT');
        this.#names.delete(from);
        this.#names.set(to, inode);
      },
      remove: async (path) => {
        this.#names.delete(path);
      },
      syncFolder: async (folder) => {
        await world.pause(world.between(0.5, 3), life);
        for (const path of this.#durable.keys()) if (dirname(path) === folder) this.#durable.delete(path);
        for (const [path, inode] of this.#names) if (dirname(path) === folder) this.#durable.set(path, inode);
      },
    };
  }

  /** Bytes of every file as the running system sees them. */
  *files(): IterableIterator<[string, Buffer]> {
    for (const [path, { bytes }] of this.#names) yield [path, bytes];
  }

  /** The power goes: of what was not synced, each file keeps a piece from the front, at times with rubbish at its end. */
  cutPower(): void {
    this.#names = new Map(this.#durable);
    for (const inode of new Set(this.#names.values())) {
      const { bytes, synced } = inode;
      const kept = Math.min(inode.dirtyFrom, synced.length);
      const isLonger = bytes.length > kept && inode.dirtyFrom >= synced.length;
      const tail = isLonger
        ? Buffer.from(bytes.subarray(kept, this.#world.whole(kept, bytes.length)))
        : synced.subarray(kept);
      if (isLonger && tail.length > 0 && this.#world.chance(0.3)) tail.fill(0, this.#world.whole(0, tail.length - 1));
      inode.bytes = Buffer.concat([synced.subarray(0, kept), tail]);
      inode.synced = Buffer.from(inode.bytes);
      inode.dirtyFrom = inode.bytes.length;
    }
    this.#durable = new Map(this.#names);
  }

  #open(path: string, flags: string): Inode {
    const there = this.#names.get(path);
    if (flags.startsWith('wx') && there !== undefined) throw fault('EEXIST');
    if (flags.startsWith('r')) {
      if (there === undefined) throw fault('ENOENT');
      return there;
    }
    if (this.full) throw fault('ENOSPC');
    const inode = there ?? { bytes: Buffer.alloc(0), synced: Buffer.alloc(0), dirtyFrom: 0 };
    inode.bytes = Buffer.alloc(0);
    inode.dirtyFrom = 0;
    this.#names.set(path, inode);
    return inode;
  }

  #file(inode: Inode, life: Life): DiskFile {
    const world = this.#world;
    const alive = (): Promise<void> => (life.dead ? new Promise(() => {}) : Promise.resolve());
    return {
      read: async (buffer, offset, length, position) => {
        await alive();
        return { bytesRead: inode.bytes.copy(buffer, offset, position, position + length) };
      },
      write: async (buffer, offset, length, position) => {
        await world.pause(world.between(0.02, 0.2), life);
        const isShort = this.full || world.chance(0.02);
        const bytesWritten = isShort ? Math.ceil(length / 2) : length;
        writeAt(inode, buffer.subarray(offset, offset + bytesWritten), position);
        if (this.full) throw fault('ENOSPC');
        return { bytesWritten };
      },
      truncate: async (length) => {
        await alive();
        inode.bytes = inode.bytes.subarray(0, length);
        inode.dirtyFrom = Math.min(inode.dirtyFrom, length);
      },
      datasync: async () => {
        const target = inode.bytes;
        await world.pause(world.between(0.5, 4), life);
        inode.synced = Buffer.concat([inode.synced.subarray(0, inode.dirtyFrom), target.subarray(inode.dirtyFrom)]);
        inode.dirtyFrom = target.length;
      },
      stat: async () => {
        await alive();
        return { size: inode.bytes.length };
      },
      close: async () => {},
    };
  }
}

function writeAt(inode: Inode, bytes: Buffer, position: number): void {
  inode.bytes = Buffer.concat([
    inode.bytes.subarray(0, position),
    bytes,
    inode.bytes.subarray(Math.min(inode.bytes.length, position + bytes.length)),
  ]);
  inode.dirtyFrom = Math.min(inode.dirtyFrom, position);
}

function fault(code: Fault): Error {
  return Object.assign(new Error(code), { code });
}
