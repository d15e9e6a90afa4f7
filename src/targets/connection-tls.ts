import type { SecureContext } from 'node:tls';
import { secureContextOf, type TlsMaterial } from '../lib/tls.ts';

/** How both sides of a connection prove who they are, as node:tls takes it. */
export interface ConnectionTls {
  readonly secureContext: SecureContext;
  readonly servername?: string;
  readonly rejectUnauthorized: true;
}

/** `ca` is trusted in addition to the usual roots; the other side is verified whatever NODE_TLS_REJECT_UNAUTHORIZED says. */
export function connectionTls(material: TlsMaterial): ConnectionTls {
  const { servername } = material;
  return {
    // Read by who connects, and not before: a target that never does makes none.
    get secureContext() {
      return secureContextOf(material);
    },
    ...(servername !== undefined && { servername }),
    rejectUnauthorized: true,
  };
}
