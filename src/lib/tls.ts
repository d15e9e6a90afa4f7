import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { HuntwireError } from './errors.ts';
import type { Secret } from './secret.ts';

/** Files as configured; paths are absolute by then. */
export interface TlsFiles {
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly passphrase?: Secret | undefined;
  readonly servername?: string | undefined;
}

/** What node:tls and undici take. `ca` is trusted in addition to the usual roots (`trustOf`). */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly servername?: string;
}

/**
 * Reads certificate files. A file that cannot be read, that holds no certificate or key, a wrong passphrase and a certificate without
 * its key are CONFIG_INVALID errors that name `where`.
 */
export function loadTls(files: TlsFiles, where: string): TlsMaterial {
  if (Boolean(files.certFile) !== Boolean(files.keyFile)) {
    const missing = files.certFile ? 'keyFile' : 'certFile';
    throw new HuntwireError(
      'CONFIG_INVALID',
      `${where}: a client certificate needs certFile and keyFile; ${missing} is missing.`,
    );
  }
  const material: TlsMaterial = {
    ...(files.caFile && { ca: readPem(files.caFile, `${where}.caFile`) }),
    ...(files.certFile && { cert: readPem(files.certFile, `${where}.certFile`) }),
    ...(files.keyFile && { key: readPem(files.keyFile, `${where}.keyFile`) }),
    ...(files.passphrase && { passphrase: files.passphrase.reveal() }),
    ...(files.servername && { servername: files.servername }),
  };
  checkMaterial(material, where);
  return material;
}

function checkMaterial(material: TlsMaterial, where: string): void {
  if (material.ca !== undefined && !material.ca.includes('-----BEGIN CERTIFICATE-----')) {
    throw new HuntwireError('CONFIG_INVALID', `${where}.caFile: the file holds no certificate in PEM form.`);
  }
  // OpenSSL passes over what is cut, and then trusts nobody.
  if (material.ca !== undefined && isCut(material.ca)) {
    const message = `${where}.caFile: a certificate in the file is cut: its line -----END CERTIFICATE----- is missing.`;
    throw new HuntwireError('CONFIG_INVALID', message);
  }
  if (material.ca === undefined && material.cert === undefined) return;
  try {
    createSecureContext(material);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HuntwireError('CONFIG_INVALID', `${where}: the certificate files do not fit: ${reason}`, { cause });
  }
}

function isCut(pem: string): boolean {
  return pem
    .split('-----BEGIN CERTIFICATE-----')
    .some((part, at) => at > 0 && !part.includes('-----END CERTIFICATE-----'));
}

/** Whom connections trust: nothing where it is the usual roots alone. */
export function trustOf({ ca }: TlsMaterial): { readonly ca?: string[] } {
  return ca === undefined ? {} : { ca: [...rootCertificates, ca] };
}

const contexts = new WeakMap<TlsMaterial, SecureContext>();

/** By their CA those that show nothing of ours; of so many CAs, the latest. */
const shared = new Map<string, SecureContext>();
const MOST_SHARED = 16;

/**
 * What connections with this material show and whom they trust: its `ca` beside the usual roots. Made with the first of them and then kept,
 * for all that trust the same and show nothing: reading the roots takes 15 ms, in which nothing else goes on.
 */
export function secureContextOf(material: TlsMaterial): SecureContext {
  const known = contexts.get(material);
  if (known) return known;
  const made = material.cert === undefined ? sharedContext(material) : makeContext(material);
  contexts.set(material, made);
  return made;
}

function sharedContext(material: TlsMaterial): SecureContext {
  const { ca = '' } = material;
  const context = shared.get(ca) ?? makeContext(material);
  shared.delete(ca);
  shared.set(ca, context);
  const [oldest] = shared.keys();
  if (shared.size > MOST_SHARED && oldest !== undefined) shared.delete(oldest);
  return context;
}

function makeContext(material: TlsMaterial): SecureContext {
  const { cert, key, passphrase } = material;
  const own = { ...(cert && { cert }), ...(key && { key }), ...(passphrase && { passphrase }) };
  return createSecureContext({ ...own, ...trustOf(material), minVersion: 'TLSv1.2' });
}

export function readPem(path: string, where: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HuntwireError('CONFIG_INVALID', `${where}: cannot read ${path}: ${reason}`, { cause });
  }
}
