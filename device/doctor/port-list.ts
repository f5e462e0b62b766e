// The serial ports of this machine from /sys/class/tty and /dev/serial: serialport's own list needs udevadm, leaves out whole
// families and has no by-path (devices/facts.md, 4). Called by doctor; the two roots are arguments, so that tests bring their own.
import { access, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { DoctorUsb } from '../../src/contracts/settings.ts';
import { chipOf } from './usb-chips.ts';

export const limits = { ports: 48, parents: 6, chars: 120 } as const;

export type FoundPort = {
  /** What the configuration should name. */
  path: string;
  device: string;
  byPath: string | null;
  byId: string | null;
  usb: DoctorUsb | null;
};

export type Roots = { dev: string; sys: string };
export const systemRoots: Roots = { dev: '/dev', sys: '/sys/class/tty' };

/** Real ports alone: consoles, ptys and UARTs that are not wired have no hardware behind them. */
export async function listPorts(roots: Roots = systemRoots): Promise<FoundPort[]> {
  const byPath = await linksIn(join(roots.dev, 'serial', 'by-path'));
  const byId = await linksIn(join(roots.dev, 'serial', 'by-id'));
  const found: FoundPort[] = [];
  for (const name of (await namesIn(roots.sys)).sort()) {
    if (found.length >= limits.ports) break;
    const device = join(roots.dev, name);
    if (!(await isReal(roots, name)) || !(await exists(device))) continue;
    const place = byPath.get(name) ?? null;
    const id = byId.get(name) ?? null;
    const usb = await usbOf(join(roots.sys, name, 'device'));
    // Two adapters without serial numbers share one by-id name: it leads to whichever came last.
    found.push({ path: place ?? (usb?.serial ? id : null) ?? device, device, byPath: place, byId: id, usb });
  }
  return found;
}

/** The same for a path that a person named; links are followed. */
export async function portAt(path: string, roots: Roots = systemRoots): Promise<FoundPort> {
  const device = await realpath(path).catch(() => path);
  const listed = (await listPorts(roots)).find((port) => port.device === device);
  return listed === undefined ? { path, device, byPath: null, byId: null, usb: null } : { ...listed, path };
}

/** Ports that are the same adapter model without a serial number: only their place tells them apart. */
export function lookAlikes(ports: readonly FoundPort[]): readonly FoundPort[] {
  const key = ({ usb }: FoundPort) => (usb === null ? null : `${usb.vendorId}:${usb.productId}:${usb.serial ?? ''}`);
  return ports.filter(
    (port) => key(port) !== null && ports.some((other) => other !== port && key(other) === key(port)),
  );
}

async function isReal(roots: Roots, name: string): Promise<boolean> {
  if (!(await exists(join(roots.sys, name, 'device')))) return false;
  // ttyS0 to ttyS31 exist on every PC; type 0 means that no UART answers there.
  const type = await textOf(join(roots.sys, name, 'type'));
  return type === null || type !== '0';
}

/** Walks up from the tty to the USB device that carries it. */
async function usbOf(device: string): Promise<DoctorUsb | null> {
  let at = await realpath(device).catch(() => null);
  for (let up = 0; at !== null && up < limits.parents; up += 1, at = dirname(at)) {
    const vendorId = await textOf(join(at, 'idVendor'));
    const productId = await textOf(join(at, 'idProduct'));
    if (vendorId === null || productId === null) continue;
    return {
      ...{ vendorId, productId, chip: chipOf(vendorId, productId) },
      maker: await textOf(join(at, 'manufacturer')),
      product: await textOf(join(at, 'product')),
      serial: await textOf(join(at, 'serial')),
    };
  }
  return null;
}

/** Names of devices by the links that lead to them: 'ttyUSB0' -> '/dev/serial/by-path/...'. */
async function linksIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const links = new Map<string, string>();
  for (const name of (await namesIn(folder)).sort()) {
    const target = await readlink(join(folder, name)).catch(() => null);
    if (target !== null) links.set(basename(resolve(folder, target)), join(folder, name));
  }
  return links;
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(whenMissing([]));
const textOf = async (path: string): Promise<string | null> => {
  const text = await readFile(path, 'utf8').catch(whenMissing(null));
  return text === null ? null : text.trim().slice(0, limits.chars) || null;
};
const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** A file or folder that is not there, or that the driver will not read, is no answer; anything else is an error. */
function whenMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'EIO', 'ENODEV', 'EINVAL', 'EPERM'].includes(String(code))) return value;
    throw error;
  };
}
