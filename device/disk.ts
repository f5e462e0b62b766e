// What the bridge asks of a disk, passed in so that a test can lose what was written and not synced. Called by the journal and
// by the small files of the state folder.
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';

/** An open file; positions and lengths in bytes. Errors are Node's, with a `code` (ENOSPC, EIO, ENOENT ...). */
export type DiskFile = {
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  /** May write less than `length`. */
  write(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  datasync(): Promise<void>;
  stat(): Promise<{ size: number }>;
  close(): Promise<void>;
};

export type Disk = {
  /** `flags` as Node's: 'r', 'r+', 'w', 'wx+'. New files are the owner's alone (0600). */
  open(path: string, flags: string): Promise<DiskFile>;
  /** With its parents, 0700; nothing happens when it is there. */
  makeFolder(path: string): Promise<void>;
  list(folder: string): Promise<string[]>;
  rename(from: string, to: string): Promise<void>;
  /** Nothing happens when it is not there. */
  remove(path: string): Promise<void>;
  /** Until then a new name or a rename may be gone after a power cut. */
  syncFolder(folder: string): Promise<void>;
};

/** The machine's own disk. */
export const systemDisk: Disk = {
  open: (path, flags): Promise<FileHandle> => open(path, flags, 0o600),
  async makeFolder(path) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  },
  list: (folder) => readdir(folder),
  rename,
  remove: (path) => rm(path, { force: true }),
  async syncFolder(folder) {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

/** Replaces the whole file and syncs it; its name is durable only after `syncFolder`. */
export async function writeWhole(disk: Disk, path: string, bytes: Buffer): Promise<void> {
  const file = await disk.open(path, 'w');
  try {
    for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at, bytes.length - at, at)).bytesWritten;
    await file.datasync();
  } finally {
    await file.close();
  }
}

export async function readWhole(disk: Disk, path: string): Promise<Buffer> {
  const file = await disk.open(path, 'r');
  try {
    const bytes = Buffer.alloc((await file.stat()).size);
    let at = 0;
    for (let read = -1; at < bytes.length && read !== 0; at += read)
      read = (await file.read(bytes, at, bytes.length - at, at)).bytesRead;
    return bytes.subarray(0, at);
  } finally {
    await file.close();
  }
}
