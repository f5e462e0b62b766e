// A certificate authority of the campus's own and the hub's server certificate, for a campus that has none. Called by the
// command line (--make-ca).
import { randomBytes, webcrypto } from 'node:crypto';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { JsonGeneralName } from '@peculiar/x509';
import 'reflect-metadata';

const dayMs = 86_400_000;
/** Browsers refuse server certificates that are valid for more than 398 days, except from one's own authority. */
export const limits = { caMs: 3_650 * dayMs, serverMs: 397 * dayMs, backdateMs: dayMs } as const;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Writes ca.crt, ca.key, server.crt and server.key (0600) into `folder`; false when there are some already. */
export async function makeCa(folder: string, host: string, nowMs: number): Promise<boolean> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const there = await stat(join(folder, 'ca.crt')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (there !== null) return false;
  // Imported here, not above: the shim must stand before this module is loaded.
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(crypto);
  const notBefore = new Date(nowMs - limits.backdateMs);
  const caKeys = await newKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: 'CN=Mengang campus CA',
    notBefore,
    notAfter: new Date(nowMs + limits.caMs),
    signingAlgorithm: algorithm,
    keys: caKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const serverKeys = await newKeys();
  const names: JsonGeneralName[] = [{ type: isIP(host) > 0 ? 'ip' : 'dns', value: host }];
  if (host !== 'localhost') names.push({ type: 'dns', value: 'localhost' });
  const server = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: [{ CN: [host] }],
    issuer: ca.subject,
    notBefore,
    notAfter: new Date(nowMs + limits.serverMs),
    signingAlgorithm: algorithm,
    publicKey: serverKeys.publicKey,
    signingKey: caKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.AuthorityKeyIdentifierExtension.create(ca),
    ],
  });
  const save = (name: string, text: string) => writeFile(join(folder, name), text, { mode: 0o600, flag: 'wx' });
  await save('ca.key', await pemOfKey(caKeys.privateKey));
  await save('server.key', await pemOfKey(serverKeys.privateKey));
  await save('server.crt', `${server.toString('pem')}\n${ca.toString('pem')}\n`);
  await save('ca.crt', `${ca.toString('pem')}\n`);
  return true;
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** Positive and without a leading zero byte, as DER wants it. */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

/** PKCS #8 as PEM. */
async function pemOfKey(key: webcrypto.CryptoKey): Promise<string> {
  const base64 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${base64.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`;
}
