import type { HttpConfig } from '../config/config.ts';
import { isLoopback } from '../lib/loopback.ts';
import type { LeaseBook } from '../state/lease.ts';

/** How to call the process that runs a tenant, with its address where it listens to others; null: nobody knows. */
export function createRunBy(
  book: Pick<LeaseBook, 'holder'>,
  http: () => HttpConfig | null,
): (tenant: string) => string | null {
  return (name) => {
    const holder = book.holder({ kind: 'tenant', name });
    if (!holder) return null;
    const { machine, pid } = holder;
    const address = addressOn(machine, http());
    return `process ${pid} on ${machine}${address ? ` (${address})` : ''}`;
  };
}

/** All processes have one configuration: each listens on its own machine. */
function addressOn(machine: string, http: HttpConfig | null): string | null {
  if (!http || http.port === 0 || isLoopback(http.host)) return null;
  return `http://${machine}:${http.port}${http.basePath}`;
}
