import type { Alert } from '../../../alerts/alert.ts';
import { all, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';

/** An alert with the number of its row. */
export interface NewestAlert extends Alert {
  readonly row: number;
}

/** The newest revision of an alert; null where the state has none. */
export function* newestAlert(alertId: string): RowSteps<NewestAlert | null> {
  const query = db.selectFrom('alert').select(['id', 'document']).where('alert_id', '=', alertId);
  const [row] = yield* all(query.orderBy('revision', 'desc').limit(1));
  return row ? { ...(JSON.parse(row.document) as Alert), row: row.id } : null;
}

/** As everybody makes it of an alert (docs/alerts.md). */
export function messageIdOf({ id, revision }: Pick<Alert, 'id' | 'revision'>): string {
  return revision === 0 ? id : `${id}-${revision}`;
}
