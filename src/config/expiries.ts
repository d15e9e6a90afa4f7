import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from './config.ts';
import { isRecord } from './schema-walk.ts';

/** Something that the configuration names and that is valid until a day. */
export interface Expiry {
  /** The tenant whose it is; null: of a target, or of several. */
  readonly tenant: string | null;
  /** A file, or whose client secret it is. */
  readonly subject: string;
  readonly kind: 'certificate' | 'client secret';
  /** Epoch ms; null: it cannot be read. */
  readonly validTo: number | null;
  /** Why it cannot be read. */
  readonly reason: string | null;
}

const OWN_KEYS: ReadonlySet<string> = new Set(['certificateFile', 'certFile']);
const CA_KEY = 'caFile';
const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Until when the certificate files that a configuration names are valid, and the client secrets whose end it says. Reads the files. */
export function readExpiries(config: Config): readonly Expiry[] {
  const ofTenants = config.tenants.flatMap(({ name, auth, source }) => [
    ...filesIn(auth).map((file) => certificateExpiry(name, file)),
    ...filesIn(source).map((file) => certificateExpiry(name, file)),
    ...secretExpiry(name, auth),
  ]);
  const ofTargets = [...config.targets.values()].flatMap(filesIn).map((file) => certificateExpiry(null, file));
  const all = [...ofTenants, ...ofTargets];
  return all.filter((one, at) => all.findIndex(({ subject }) => subject === one.subject) === at);
}

interface NamedFile {
  readonly path: string;
  readonly isCa: boolean;
}

function filesIn(settings: unknown): readonly NamedFile[] {
  if (!isRecord(settings)) return [];
  return Object.entries(settings).flatMap(([key, value]) => {
    if (typeof value !== 'string') return filesIn(value);
    return key === CA_KEY || OWN_KEYS.has(key) ? [{ path: value, isCa: key === CA_KEY }] : [];
  });
}

function certificateExpiry(tenant: string | null, { path, isCa }: NamedFile): Expiry {
  const about = { tenant, subject: path, kind: 'certificate' } as const;
  try {
    return { ...about, validTo: validTo(readFileSync(path), isCa), reason: null };
  } catch (thrown) {
    return { ...about, validTo: null, reason: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** Behind a certificate of our own stands its chain. Of several CAs one may be on its way out beside the one that follows it. */
function validTo(bytes: Buffer, isCa: boolean): number {
  const blocks = isCa ? (bytes.toString('latin1').match(BLOCK) ?? []) : [];
  const ends = (blocks.length > 0 ? blocks : [bytes]).map((one) => Date.parse(new X509Certificate(one).validTo));
  return Math.max(...ends);
}

function secretExpiry(tenant: string, auth: unknown): readonly Expiry[] {
  const day = isRecord(auth) ? auth.clientSecretExpires : undefined;
  if (typeof day !== 'string') return [];
  const about = { tenant, subject: `client secret of tenant ${tenant}`, kind: 'client secret' } as const;
  return [{ ...about, validTo: Date.parse(`${day}T00:00:00Z`), reason: null }];
}
