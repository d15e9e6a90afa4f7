import { wellFormed } from '../../lib/text.ts';
import type { StoredAcknowledgement } from '../../state/detour-store.ts';
import { defineAction } from '../action.ts';
import { A_TEXT, gives, oneOf, takes, word } from '../schema.ts';
import { oneAlert } from './get-alert.ts';

interface Taken extends Pick<StoredAcknowledgement, 'disposition'> {
  readonly id: string;
  readonly by?: string;
}

const DISPOSITION = oneOf(['true', 'false', 'benign']);

export const acknowledgeAlert = defineAction<Taken>({
  uuid: '2f7f6f5d-9a0e-4f57-8b6a-3f4c5d1e8a63',
  slug: 'acknowledge_alert',
  name: 'Acknowledge alert',
  description:
    'Somebody has taken an alert on: it is escalated no further and updated no more, but where its severity rises. It is no resolve. Say again with another disposition what it turned out to be.',
  scope: 'write',
  command: ['huntwire', 'action', 'acknowledge_alert'],
  input: takes(
    {
      id: word('Id of the alert.'),
      disposition: {
        ...DISPOSITION,
        description: 'What it turned out to be: a true alert, a false one, or one of something that may be.',
      },
      by: { ...word('Who has taken it on; whoever asks where left out.'), minLength: 1, maxLength: 200 },
    },
    ['id'],
  ),
  results: gives({
    id: A_TEXT,
    acknowledged: gives({ by: A_TEXT, at: A_TEXT, disposition: DISPOSITION }, ['disposition']),
  }),
  run: async ({ id, disposition, by }, deps) =>
    deps.writing(async (store) => {
      const alert = await oneAlert(store, id);
      const given = {
        by: wellFormed(by ?? deps.by),
        at: Math.round(deps.clock.now()),
        ...(disposition && { disposition }),
      };
      const stored = (await store.acknowledge(alert.id, given, { who: deps.by, at: given.at })) ?? given;
      return { id: alert.id, acknowledged: { ...stored, at: new Date(stored.at).toISOString() } };
    }),
});
