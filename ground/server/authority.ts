// A certificate authority of ground's own, for terminals that pin it, and the server's certificate under it. Where an
// airline brings its own certificate none of this is used.
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import * as nodeCrypto from 'node:crypto';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3650;
const SERVER_DAYS = 397;
/** Certificates begin a little earlier: clocks differ. */
const EARLIER_MS = DAY_MS;

export type ServerCertificate = {
  /** PEM: what the server shows, and its key. */
  readonly certificate: string;
  readonly key: string;
  /** PEM: what terminals pin. */
  readonly authority: string;
};

export const AUTHORITY_FILE = 'ground-ca.pem';

x509.cryptoProvider.set(nodeCrypto.webcrypto);

type KeyPair = nodeCrypto.webcrypto.CryptoKeyPair;
type Authority = { readonly certificate: x509.X509Certificate; readonly keys: KeyPair };

/** A new authority and a server certificate under it for these names (DNS names or IP addresses). */
export async function makeServerCertificate(
  hosts: readonly string[],
  nowMs: number,
): Promise<ServerCertificate> {
  const authority = await makeAuthority(nowMs);
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    ...dates(nowMs, SERVER_DAYS),
    subject: `CN=${hosts[0] ?? 'localhost'}`,
    issuer: authority.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        hosts.map((host) => ({ type: isIP(host) === 0 ? ('dns' as const) : ('ip' as const), value: host })),
      ),
    ],
  });
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: await privatePem(keys.privateKey),
    authority: `${authority.certificate.toString('pem')}\n`,
  };
}

async function makeAuthority(nowMs: number): Promise<Authority> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...dates(nowMs, AUTHORITY_DAYS),
    name: 'CN=CabinTill ground',
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  return { certificate, keys };
}

function makeKeys(): Promise<KeyPair> {
  return nodeCrypto.webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function dates(nowMs: number, days: number): { serialNumber: string; notBefore: Date; notAfter: Date } {
  return {
    serialNumber: nodeCrypto.randomBytes(16).toString('hex'),
    notBefore: new Date(nowMs - EARLIER_MS),
    notAfter: new Date(nowMs + days * DAY_MS),
  };
}

async function privatePem(key: nodeCrypto.webcrypto.CryptoKey): Promise<string> {
  const pkcs8 = Buffer.from(await nodeCrypto.webcrypto.subtle.exportKey('pkcs8', key));
  return `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`;
}

/**
 * The certificate kept in a folder, made at the first start. Terminals pin its authority, so it stays the same; the
 * server's own names are those of the first start.
 */
export async function keepServerCertificate(
  folder: string,
  hosts: readonly string[],
  nowMs: number,
): Promise<ServerCertificate> {
  const path = join(folder, 'ground-tls.json');
  if (existsSync(path)) return JSON.parse(await readFile(path, 'utf8')) as ServerCertificate;
  const made = await makeServerCertificate(hosts, nowMs);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const part = `${path}.${process.pid.toString()}.part`;
  await writeFile(part, JSON.stringify(made), { mode: 0o600 });
  await chmod(part, 0o600);
  await rename(part, path);
  await writeFile(join(folder, AUTHORITY_FILE), made.authority);
  return made;
}
