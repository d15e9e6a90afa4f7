import { defineAction } from '../action.ts';
import { A_TEXT, AN_INTEGER, ANY_OBJECT, gives, listOf, oneOf, takes } from '../schema.ts';
import { notOffered } from './offers.ts';

export const reloadAll = defineAction<unknown>({
  uuid: '7a2c9e14-5b3d-4f68-9a07-c1d2e3f4a597',
  slug: 'reload',
  name: 'Read everything again',
  description:
    'Has the process that runs read configuration and rules again; where anything of them is wrong, it goes on with those it has. Where several share the work, each of them reads its own files, and the answer tells what came of each.',
  scope: 'write',
  command: ['huntwire', 'action', 'reload'],
  input: takes({}),
  results: gives(
    {
      at: A_TEXT,
      outcome: oneOf(['applied', 'unchanged', 'refused']),
      changes: listOf(ANY_OBJECT),
      problems: listOf(ANY_OBJECT),
      processes: {
        ...listOf(
          gives({
            machine: A_TEXT,
            pid: AN_INTEGER,
            outcome: oneOf(['applied', 'unchanged', 'refused', 'unanswered']),
            problems: listOf(ANY_OBJECT),
          }),
        ),
        description: 'Where several share the work: what came of it in each, the one that was asked first.',
      },
    },
    ['processes'],
  ),
  run: async (_, { offers, signal }) => {
    if (!offers.reload)
      throw notOffered('run rules, so that it has nothing to read again: ask the one that does over HTTP');
    return offers.reload(signal);
  },
});
