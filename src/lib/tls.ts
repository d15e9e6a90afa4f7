import { readFileSync } from 'node:fs';
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

/** What node:tls and undici take. `ca` is trusted in addition to the usual roots (dispatcher.ts). */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly servername?: string;
}

/** Reads certificate files; a file that cannot be read is a CONFIG_INVALID error that names `where`. */
export function loadTls(files: TlsFiles, where: string): TlsMaterial {
  return {
    ...(files.caFile && { ca: readPem(files.caFile, `${where}.caFile`) }),
    ...(files.certFile && { cert: readPem(files.certFile, `${where}.certFile`) }),
    ...(files.keyFile && { key: readPem(files.keyFile, `${where}.keyFile`) }),
    ...(files.passphrase && { passphrase: files.passphrase.reveal() }),
    ...(files.servername && { servername: files.servername }),
  };
}

export function readPem(path: string, where: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HuntwireError('CONFIG_INVALID', `${where}: cannot read ${path}: ${reason}`, { cause });
  }
}
