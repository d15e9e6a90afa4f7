import { HuntwireError } from '../../lib/errors.ts';
import { defineAction } from '../action.ts';
import { ALERT_DOCUMENT, takes, word } from '../schema.ts';

export const getAlert = defineAction<{ readonly id: string }>({
  uuid: '5e0b6a0e-4a4c-4d39-8c4f-0f6b3f0a9d52',
  slug: 'get_alert',
  name: 'Get alert',
  description: 'The newest message of one alert, and who has acknowledged it.',
  scope: 'read',
  command: ['huntwire', 'action', 'get_alert'],
  input: takes({ id: word('Id of the alert, or how it begins where that names only one.') }, ['id']),
  results: ALERT_DOCUMENT,
  run: async ({ id }, { reading }) => reading((store) => oneAlert(store, id)),
});

type Finder = { readonly alertsById: (beginning: string) => Promise<readonly { readonly id: string }[]> };

/** The alert with this id, or the only one whose id begins so. */
export async function oneAlert(store: Finder, id: string): Promise<{ readonly id: string }> {
  const found = id === '' ? [] : await store.alertsById(id);
  const [first] = found.filter((alert) => alert.id === id || found.length === 1);
  if (first) return first;
  if (found.length > 1) throw new HuntwireError('USAGE', `Several alerts have an id that begins with "${id}".`);
  throw new HuntwireError('NOT_FOUND', `There is no alert "${id}"; those that nobody waits for are kept for 30 days.`);
}
