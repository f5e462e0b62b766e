// Whether this user may open a device, and which group would help. Called by doctor.
import { access, constants, readFile, stat } from 'node:fs/promises';

export type Access =
  | { may: true }
  | { may: false; because: 'absent' }
  /** The device belongs to a group that may open it. `isMember`: this user is in it already, but not in this session. */
  | { may: false; because: 'group'; group: string; user: string; isMember: boolean }
  /** No group helps: a udev rule must. */
  | { may: false; because: 'nobody' };

export type AccessParts = {
  user: string;
  /** Groups of this very process. */
  groups: readonly number[];
  groupFile: string;
  mayOpen: (device: string) => Promise<boolean>;
};

/** Readable and writable by this process. */
export const mayOpen = (device: string): Promise<boolean> =>
  access(device, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );

export async function accessTo(device: string, parts: AccessParts): Promise<Access> {
  const node = await stat(device).catch(() => null);
  if (node === null) return { may: false, because: 'absent' };
  if (await parts.mayOpen(device)) return { may: true };
  const groupMay = (node.mode & 0o060) === 0o060 && node.gid !== 0;
  const group = groupMay ? await groupOf(node.gid, parts.groupFile) : null;
  if (group === null || parts.groups.includes(node.gid)) return { may: false, because: 'nobody' };
  const isMember = group.members.includes(parts.user);
  return { may: false, because: 'group', group: group.name, user: parts.user, isMember };
}

/** '/etc/group': name:password:gid:members */
async function groupOf(gid: number, file: string): Promise<{ name: string; members: string[] } | null> {
  const line = (await readFile(file, 'utf8')).split('\n').find((one) => one.split(':')[2] === String(gid));
  const [name, , , members] = line?.split(':') ?? [];
  return name === undefined ? null : { name, members: (members ?? '').split(',') };
}
