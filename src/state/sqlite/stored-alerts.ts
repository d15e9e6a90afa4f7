import { sql } from 'kysely';
import type { Alert } from '../../alerts/alert.ts';
import type { Store } from '../store.ts';
import type { Connection } from './connection.ts';
import { db } from './tables.ts';

/** One who asks for a beginning wants to know whether it names one alert or several. */
const MOST = 2;

/** Alerts as they were committed, for people who ask. */
export function createStoredAlerts(connection: Connection): Pick<Store, 'alertsById'> {
  return {
    alertsById: async (beginning) => {
      const newest = db
        .selectFrom('alert')
        .select(['alert_id', (all) => all.fn.max('revision').as('revision')])
        .where('alert_id', '>=', beginning)
        .where(sql`substr(alert_id, 1, ${beginning.length})`, '=', beginning)
        .groupBy('alert_id')
        .orderBy('alert_id')
        .limit(MOST)
        .as('newest');
      const query = db
        .selectFrom(newest)
        .innerJoin('alert', (on) =>
          on.onRef('alert.alert_id', '=', 'newest.alert_id').onRef('alert.revision', '=', 'newest.revision'),
        )
        .select('document');
      return connection.all(query.compile()).map(({ document }) => JSON.parse(document) as Alert);
    },
  };
}
