import { defineAction } from '../action.ts';
import { A_TEXT, ANY_OBJECT, gives, listOf, oneOf, takes } from '../schema.ts';
import { notOffered } from './offers.ts';

export const reloadAll = defineAction<unknown>({
  uuid: '7a2c9e14-5b3d-4f68-9a07-c1d2e3f4a597',
  slug: 'reload',
  name: 'Read everything again',
  description:
    'Has the process that runs read configuration and rules again; where anything of them is wrong, it goes on with those it has.',
  scope: 'write',
  command: ['huntwire', 'action', 'reload'],
  input: takes({}),
  results: gives({
    at: A_TEXT,
    outcome: oneOf(['applied', 'unchanged', 'refused']),
    changes: listOf(ANY_OBJECT),
    problems: listOf(ANY_OBJECT),
  }),
  run: async (_, { offers }) => {
    if (!offers.reload)
      throw notOffered('run rules, so that it has nothing to read again: ask the one that does over HTTP');
    return offers.reload();
  },
});
