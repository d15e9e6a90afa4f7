import { createSecureContext, rootCertificates } from 'node:tls';
import { HuntwireError } from '../lib/errors.ts';
import { loadTls, type TlsFiles, type TlsMaterial } from '../lib/tls.ts';
import { codeOf } from './network-failure.ts';

/**
 * Certificate files of a target, tried out at once: a key that does not fit its certificate, a wrong passphrase or a file
 * that is no PEM is a CONFIG_INVALID error that names `where`, and not a failure of the first delivery.
 */
export function loadCheckedTls(files: TlsFiles | undefined, where: string): TlsMaterial {
  const material = loadTls(files ?? {}, where);
  try {
    createSecureContext(material);
  } catch (cause) {
    const code = codeOf(cause) ?? 'unknown';
    throw new HuntwireError(
      'CONFIG_INVALID',
      `${where}: certificate, key and passphrase do not work together (${code}).`,
    );
  }
  return material;
}

/** What node:tls takes: `ca` is trusted in addition to the usual roots. */
export function connectionTls({ ca, ...own }: TlsMaterial): Omit<TlsMaterial, 'ca'> & { readonly ca?: string[] } {
  return ca === undefined ? own : { ...own, ca: [...rootCertificates, ca] };
}
