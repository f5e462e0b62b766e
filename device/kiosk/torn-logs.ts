// Cuts what a kill or a power cut left unfinished at the end of the page's LevelDB logs: Chromium would write on behind it, and
// the start after that would lose what follows (reliability.md, The page). Called by kiosk before each start of Chromium.
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createLogScan, type LogVerdict, limits as log } from './leveldb-log.ts';

export const limits = {
  /** Kept files of cut bytes; the oldest go first. */
  kept: 50,
  /** A log longer than this is none of the page's: LevelDB begins a new one at 4 MiB and a transaction. */
  logBytes: 1_073_741_824,
  copyBytes: 65_536,
  files: 1_000,
} as const;

export type Cut = {
  path: string;
  /** Bytes cut off and kept in `kept`; 0 when the log was only found damaged further up. */
  bytes: number;
  kept: string | null;
  damagedBlocks: number;
};

/**
 * Looks at each `*.log` of each `IndexedDB/*.leveldb` of the profile; Chromium must not be running. Cut bytes lie in `keepDir` first.
 * Answers what was cut or found damaged. Throws the system's error when a log cannot be read or cut.
 */
export async function cutTornLogs(profileDir: string, keepDir: string, nowMs: number): Promise<Cut[]> {
  const cuts: Cut[] = [];
  for (const path of await logsOf(profileDir)) {
    const file = await open(path, 'r+');
    try {
      const verdict = await scan(file);
      if (verdict.size > limits.logBytes) continue;
      const bytes = verdict.size - verdict.soundEnd;
      if (bytes === 0 && verdict.damagedBlocks === 0) continue;
      const kept = bytes === 0 ? null : await keep(file, verdict, path, keepDir, nowMs);
      if (bytes > 0) {
        await file.truncate(verdict.soundEnd);
        await file.sync();
      }
      cuts.push({ path, bytes, kept, damagedBlocks: verdict.damagedBlocks });
    } finally {
      await file.close();
    }
  }
  return cuts;
}

async function scan(file: FileHandle): Promise<LogVerdict> {
  const reader = createLogScan();
  const block = Buffer.alloc(log.blockBytes);
  for (let at = 0; at <= limits.logBytes; ) {
    const length = await fill(file, block, at);
    if (length > 0) reader.take(block.subarray(0, length));
    at += length;
    if (length < block.length) break;
  }
  return reader.verdict();
}

/** Reads until the buffer is full or the file ends. */
async function fill(file: FileHandle, buffer: Buffer, position: number): Promise<number> {
  let length = 0;
  for (let read = -1; length < buffer.length && read !== 0; length += read)
    read = (await file.read(buffer, length, buffer.length - length, position + length)).bytesRead;
  return length;
}

/** Copies what is about to be cut, synced, so that somebody can still look at it. */
async function keep(file: FileHandle, verdict: LogVerdict, path: string, keepDir: string, nowMs: number) {
  await mkdir(keepDir, { recursive: true, mode: 0o700 });
  const name = `${String(nowMs).padStart(14, '0')}-${basename(dirname(path))}-${basename(path)}-${verdict.soundEnd}.tail`;
  const kept = join(keepDir, name);
  const side = await open(kept, 'w', 0o600);
  try {
    const buffer = Buffer.alloc(limits.copyBytes);
    for (let at = verdict.soundEnd; at < verdict.size; ) {
      const length = await fill(file, buffer, at);
      if (length === 0) break;
      await side.writeFile(buffer.subarray(0, length));
      at += length;
    }
    await side.sync();
  } finally {
    await side.close();
  }
  const others = (await readdir(keepDir)).filter((one) => one.endsWith('.tail')).sort();
  for (const old of others.slice(0, Math.max(0, others.length - limits.kept))) await rm(join(keepDir, old));
  return kept;
}

/** Profile folder (Default), IndexedDB, database, log: nothing else of the profile is looked at. */
async function logsOf(profileDir: string): Promise<string[]> {
  const found: string[] = [];
  for (const profile of await foldersIn(profileDir)) {
    const databases = join(profileDir, profile, 'IndexedDB');
    for (const database of (await foldersIn(databases)).filter((name) => name.endsWith('.leveldb'))) {
      const files = await readdir(join(databases, database));
      found.push(...files.filter((name) => name.endsWith('.log')).map((name) => join(databases, database, name)));
    }
  }
  return found.slice(0, limits.files);
}

async function foldersIn(path: string): Promise<string[]> {
  try {
    return (await readdir(path, { withFileTypes: true })).filter((one) => one.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
