import type { Alert } from '../../../alerts/alert.ts';
import { DAY_MS } from '../../../lib/duration.ts';
import type { AlertMark } from '../../../state/alert-page.ts';
import type { StoreReader } from '../../../state/store.ts';

/** More are not shown on any terminal. */
const MOST = 50;
const PAGE = 500;
/** Pages that one look reads at most, so that it ends: what is behind them comes with the next. */
const PAGES_AT_ONCE = 20;

/** Follows the alerts of the last day as they are committed. */
export interface RecentAlerts {
  /** Newest first. */
  look(store: Pick<StoreReader, 'alertPage'>, now: number): Promise<readonly Alert[]>;
}

export function followAlerts(): RecentAlerts {
  let mark: AlertMark | null = null;
  let recent: readonly Alert[] = [];
  return {
    look: async (store, now) => {
      for (let pages = 0; pages < PAGES_AT_ONCE; pages += 1) {
        const page = await store.alertPage({ after: mark, limit: PAGE, since: now - DAY_MS });
        const before = page.begunAnew ? [] : recent;
        recent = [...page.alerts.filter(isTold).reverse(), ...before].slice(0, MOST);
        mark = page.end;
        if (!page.more) break;
      }
      return recent;
    },
  };
}

/** A sign of life each few minutes would leave room for nothing else. */
function isTold({ health }: Alert): boolean {
  return health?.code !== 'heartbeat';
}
