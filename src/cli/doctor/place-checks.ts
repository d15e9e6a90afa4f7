import type { CheckResult } from '../../lib/check-result.ts';
import type { StatePlace } from '../../state/state-place.ts';
import { stateChecks } from './state-checks.ts';

/** Of the file, or of the database, that keeps the state. */
export async function placeChecks(place: StatePlace): Promise<readonly CheckResult[]> {
  if ('path' in place) return stateChecks(place);
  const { databaseChecks } = await import('./database-checks.ts');
  return databaseChecks(place.url.reveal());
}
