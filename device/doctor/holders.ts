// Who holds a device: open files in /proc/*/fd and locks in /proc/locks. Called by doctor; the root is an argument for tests.
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';

export const limits = { processes: 20_000, files: 4_096, locks: 20_000, holders: 8 } as const;

export type Holder = { pid: number; name: string; command: string };
export type Holders = {
  of(device: string): readonly Holder[];
  /** A program of this name runs, whether it holds anything or not. */
  running(name: string): Holder | null;
  /** Files of other users' programs could not be seen: an empty answer is no proof. */
  isPartial: boolean;
};

/** One look at all processes. `devices`: real paths. This very process is left out. */
export async function findHolders(devices: readonly string[], ownPid: number, proc = '/proc'): Promise<Holders> {
  const wanted = new Set(devices);
  const found = new Map<string, Map<number, Holder>>();
  const names = new Map<string, Holder>();
  let isPartial = false;
  const note = (device: string, holder: Holder) => {
    const holders = found.get(device) ?? new Map<number, Holder>();
    if (holders.size < limits.holders) holders.set(holder.pid, holder);
    found.set(device, holders);
  };
  const pids = (await readdir(proc)).filter((name) => /^\d+$/.test(name)).map(Number);
  for (const pid of pids.slice(0, limits.processes)) {
    const holder = await holderOf(proc, pid);
    if (holder === null || pid === ownPid) continue;
    if (!names.has(holder.name)) names.set(holder.name, holder);
    const files = await openFiles(proc, pid);
    if (files === 'denied') isPartial = true;
    else for (const file of files) if (wanted.has(file) && !(await isMaker(proc, pid, file))) note(file, holder);
  }
  for (const [device, pid] of await lockedBy(devices, proc)) {
    const holder = pid === ownPid ? null : await holderOf(proc, pid);
    if (holder !== null) note(device, holder);
  }
  return {
    of: (device) => [...(found.get(device)?.values() ?? [])],
    running: (name) => names.get(name) ?? null,
    isPartial,
  };
}

async function holderOf(proc: string, pid: number): Promise<Holder | null> {
  const name = await textOf(join(proc, String(pid), 'comm'));
  const command = await textOf(join(proc, String(pid), 'cmdline'));
  return name === null ? null : { pid, name: name.trim(), command: (command ?? '').replaceAll('\0', ' ').trim() };
}

async function openFiles(proc: string, pid: number): Promise<string[] | 'denied'> {
  const folder = join(proc, String(pid), 'fd');
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    return codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM' ? 'denied' : [];
  }
  const files: string[] = [];
  for (const name of names.slice(0, limits.files)) {
    // A file that was closed meanwhile holds nothing.
    const target = await readlink(join(folder, name)).catch(() => null);
    if (target !== null) files.push(target);
  }
  return files;
}

/** Whoever made a pseudo-terminal keeps both of its ends open: it is the device, not another reader. */
async function isMaker(proc: string, pid: number, file: string): Promise<boolean> {
  const [, index] = /^\/dev\/pts\/(\d+)$/.exec(file) ?? [];
  if (index === undefined) return false;
  const folder = join(proc, String(pid));
  const names = await readdir(join(folder, 'fd')).catch(() => []);
  for (const name of names.slice(0, limits.files)) {
    const target = await readlink(join(folder, 'fd', name)).catch(() => null);
    if (target === null || !/\/ptmx$/.test(target)) continue;
    const info = (await textOf(join(folder, 'fdinfo', name))) ?? '';
    if (new RegExp(`^tty-index:\\s*${index}$`, 'm').test(info)) return true;
  }
  return false;
}

/** Locks can be seen without rights to the other's files: '1: FLOCK  ADVISORY  WRITE 4711 00:05:123 0 EOF', numbers of the device in hex. */
async function lockedBy(devices: readonly string[], proc: string): Promise<[device: string, pid: number][]> {
  const text = (await textOf(join(proc, 'locks'))) ?? '';
  const keys = new Map<string, string>();
  for (const device of devices) {
    const node = await stat(device).catch(() => null);
    if (node !== null) keys.set(`${hex(node.dev >> 8)}:${hex(node.dev & 0xff)}:${node.ino}`, device);
  }
  return text
    .split('\n')
    .slice(0, limits.locks)
    .flatMap((line): [string, number][] => {
      const [, pid, file] = / (\d+) ([0-9a-f]{2,}:[0-9a-f]{2,}:\d+) /.exec(line) ?? [];
      const device = keys.get(file ?? '');
      return device === undefined ? [] : [[device, Number(pid)]];
    });
}

const hex = (value: number) => value.toString(16).padStart(2, '0');
const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : null);

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    // A process that ended meanwhile, or one that may not be looked at.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'ENOTDIR'].includes(String(codeOf(error)))) return null;
    throw error;
  }
}
