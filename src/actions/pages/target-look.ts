import { toHuntwireError } from '../../lib/errors.ts';
import type { TargetSeen } from '../places/place-row.ts';
import { targetsSeen } from '../places/place-rows.ts';
import type { PageDeps } from './page-deps.ts';

export interface TargetLook {
  /** How targets stand, as far as is known within a moment; what takes longer goes on for who looks next. */
  targets(): Promise<readonly TargetSeen[]>;
}

/** So long a page waits for a look back through what was delivered: a large outbox takes a second, the first time. */
const PATIENCE_MS = 100;

type LookDeps = Pick<PageDeps, 'store' | 'config' | 'clock' | 'log'>;

/** However many ask, one looks back. */
export function createTargetLook(deps: LookDeps, signal: AbortSignal): TargetLook {
  const { clock, log } = deps;
  let looking: Promise<readonly TargetSeen[] | null> | null = null;
  const look = (): NonNullable<typeof looking> => {
    looking ??= targetsSeen(deps.config, deps.store, true)
      .catch((thrown) => {
        if (!signal.aborted) log.debug('targets could not be read', { code: toHuntwireError(thrown).code });
        return null;
      })
      .finally(() => {
        looking = null;
      });
    return looking;
  };
  return {
    targets: async () => {
      const moment = clock.sleep(PATIENCE_MS, signal).then(
        () => null,
        () => null,
      );
      return (await Promise.race([look(), moment])) ?? targetsSeen(deps.config, deps.store, false);
    },
  };
}
