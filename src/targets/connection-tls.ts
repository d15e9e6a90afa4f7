import { rootCertificates } from 'node:tls';
import type { TlsMaterial } from '../lib/tls.ts';

/** How both sides of a connection prove who they are, as node:tls takes it. */
export interface ConnectionTls extends Omit<TlsMaterial, 'ca'> {
  readonly ca?: string[];
  readonly rejectUnauthorized: true;
}

/** `ca` is trusted in addition to the usual roots; the other side is verified whatever NODE_TLS_REJECT_UNAUTHORIZED says. */
export function connectionTls({ ca, ...own }: TlsMaterial): ConnectionTls {
  return { ...own, rejectUnauthorized: true, ...(ca !== undefined && { ca: [...rootCertificates, ca] }) };
}
