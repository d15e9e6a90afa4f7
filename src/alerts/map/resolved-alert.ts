import type { Window } from '../../kql/window.ts';
import type { Alert, HeldCounts } from '../alert.ts';
import { isoOfMs } from '../event-time.ts';
import { suppressionOf } from '../held-counts.ts';
import { titleOf, windowOf } from './alert-parts.ts';
import { fitAlert } from './fit-alert.ts';

/** The end of a firing alert. Times are epoch ms. */
export interface AlertEnd {
  readonly kind: 'gone' | 'abandoned';
  readonly revision: number;
  /** When this message is made. */
  readonly time: number;
  /** L of the message before. */
  readonly since: number;
  /** Hits held back since then. */
  readonly held: HeldCounts;
  /** Why it is over, in sentences. */
  readonly reason: string;
  /** The run that found it over; null: none did. */
  readonly run: { readonly runId: string; readonly window: Window | null } | null;
}

/** The resolve of a firing alert: what was told last, and that it is over. */
export function makeResolved({ suppressed: _, ...last }: Alert, end: AlertEnd): Alert {
  return fitAlert({
    ...last,
    revision: end.revision,
    status: 'resolved',
    time: isoOfMs(end.time),
    title: titleOf(`Resolved: ${last.title}`),
    ...suppressionOf(end.held),
    ...(end.run && { runId: end.run.runId, window: windowOf(end.run.window) }),
    change: { kind: end.kind, since: isoOfMs(end.since), reason: end.reason },
  });
}
