import { defineAction } from '../action.ts';
import { A_TEXT, AN_INTEGER, gives, listOf, orNull, TEXT_OR_NULL, TRUTH, takes, words } from '../schema.ts';

export const attackCoverage = defineAction<unknown>({
  uuid: 'b1f7a3d2-7c56-4a0e-8f43-2a9d1c6be704',
  slug: 'attack_coverage',
  name: 'Show ATT&CK techniques',
  description: 'Returns the ATT&CK techniques that rules name: which rules, how many are on, whether they are tested.',
  scope: 'read',
  command: ['huntwire', 'attack', '--format', 'json'],
  input: takes({}),
  commandOnly: { paths: words('Rule files and folders; the configured ones where left out.', '[paths...]') },
  results: gives({
    techniques: listOf(
      gives({
        id: A_TEXT,
        name: A_TEXT,
        tactics: listOf(A_TEXT),
        rules: listOf(A_TEXT),
        enabled: AN_INTEGER,
        tested: TRUTH,
        retired: orNull(gives({ by: TEXT_OR_NULL })),
      }),
    ),
    tactics: listOf(gives({ id: A_TEXT, name: A_TEXT, short: A_TEXT, rules: listOf(A_TEXT) })),
  }),
  run: (input, { rehearse }) => rehearse('attack_coverage', input),
});
