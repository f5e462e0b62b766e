// Identity of a device node, by which an unplugged and a replugged device are told. Called by serial-port and input-port.
import { stat } from 'node:fs/promises';
import { PortError } from './port-error.ts';

export type Node = { dev: bigint; ino: bigint; rdev: bigint };

/** Identity of the device node, through links (by-id, by-path): a replugged device is another node under the same name. Rejects with a PortError. */
export async function nodeOf(path: string): Promise<Node> {
  try {
    const { dev, ino, rdev } = await stat(path, { bigint: true });
    return { dev, ino, rdev };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    const trouble = code === 'EACCES' ? 'permission' : code === 'ENOENT' || code === 'ENOTDIR' ? 'absent' : 'failed';
    throw new PortError(trouble, error instanceof Error ? error.message : String(error));
  }
}

/** Whether the name still leads to that very device. */
export async function isSameNode(path: string, node: Node): Promise<boolean> {
  try {
    const now = await nodeOf(path);
    return now.dev === node.dev && now.ino === node.ino && now.rdev === node.rdev;
  } catch (error) {
    if (error instanceof PortError) return false;
    throw error;
  }
}
