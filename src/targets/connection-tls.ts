import { rootCertificates } from 'node:tls';
import type { TlsMaterial } from '../lib/tls.ts';

/** What node:tls takes: `ca` is trusted in addition to the usual roots. */
export function connectionTls({ ca, ...own }: TlsMaterial): Omit<TlsMaterial, 'ca'> & { readonly ca?: string[] } {
  return ca === undefined ? own : { ...own, ca: [...rootCertificates, ca] };
}
