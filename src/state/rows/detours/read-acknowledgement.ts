import type { Acknowledgement, Alert, Disposition } from '../../../alerts/alert.ts';
import type { StoredAcknowledgement } from '../../detour-store.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { all, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { fromExactText } from '../text.ts';

/** An acknowledgement as its columns have it. */
export interface AcknowledgementColumns {
  readonly by: string;
  readonly at: number;
  readonly disposition: string | null;
}

const ofAlert = compiledOnce(({ alert }: { readonly alert: string }) =>
  db.selectFrom('acknowledgement').select(['by', 'at', 'disposition']).where('alert_id', '=', alert),
);

export function* readAcknowledgement(alertId: string): RowSteps<StoredAcknowledgement | null> {
  const [row] = yield* all(ofAlert({ alert: alertId }));
  return row ? { by: fromExactText(row.by), at: row.at, ...dispositionOf(row) } : null;
}

function dispositionOf({ disposition }: AcknowledgementColumns): { readonly disposition?: Disposition } {
  return disposition === null ? {} : { disposition: disposition as Disposition };
}

/** As alerts show it. */
export function shownAcknowledgement(row: AcknowledgementColumns): Acknowledgement {
  return { by: fromExactText(row.by), at: new Date(row.at).toISOString(), ...dispositionOf(row) };
}

/** The alert with what is known of its acknowledgement now: it was committed before anybody could. */
export function* withAcknowledgement(alert: Alert): RowSteps<Alert> {
  const [row] = yield* all(ofAlert({ alert: alert.id }));
  return row ? { ...alert, acknowledged: shownAcknowledgement(row) } : alert;
}
