// Under which names a hub may be asked: its own and no other, so that a page whose name was pointed at this machine (DNS
// rebinding) is no page of the hub's. Called by hub.ts once and by http.ts for every request.
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

export const limits = { names: 64, nameChars: 253 } as const;

export type Hosts = {
  /** Whether `Host` names this hub; the port does not matter, a missing one is nobody's. */
  isOwn(host: string | undefined): boolean;
  /** Whether it is a name that the administrator gave: a proxy in front may speak HTTPS there. */
  isGiven(host: string | undefined): boolean;
};

/**
 * `bound`: the address that is listened on; `given`: HUB_NAMES; `certificate`: PEM, whose names are the hub's own as well.
 * Loopback is always own. Throws what the certificate's parser throws.
 */
export function hostsOf(parts: { bound: string; given: readonly string[]; certificate: string | null }): Hosts {
  const given = new Set(parts.given.slice(0, limits.names).map((name) => name.toLowerCase()));
  const own = new Set(['localhost', '::1', parts.bound.toLowerCase()]);
  // Addresses that stand for all of the machine's are nobody's name.
  for (const all of ['0.0.0.0', '::']) own.delete(all);
  const certificate = parts.certificate === null ? null : new X509Certificate(parts.certificate);
  const isGiven = (host: string | undefined) => given.has(nameOf(host) ?? '');
  return {
    isGiven,
    isOwn: (host) => {
      const name = nameOf(host);
      if (name === null) return false;
      if (isGiven(host) || own.has(name) || isLoopback(name)) return true;
      if (certificate === null) return false;
      return (isIP(name) > 0 ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined;
    },
  };
}

/** HUB_NAMES: names or addresses without a port, separated by commas or blanks. */
export function namesOf(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter((name) => name !== '');
}

/** An address, or a name as DNS has it. One that ends in digits would be an address with a typing error. */
export function isHostName(host: string): boolean {
  if (isIP(host) > 0) return true;
  const labels = host.split('.');
  const isLabel = (label: string) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label);
  return host.length <= limits.nameChars && labels.every(isLabel) && !/^\d+$/.test(labels.at(-1) ?? '');
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** Name or address of a Host header, lower-case, without its port; null for what is none. */
function nameOf(host: string | undefined): string | null {
  const read = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/.exec((host ?? '').toLowerCase());
  return read?.[1] ?? read?.[2] ?? null;
}
