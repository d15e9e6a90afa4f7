import { defineAction } from '../action.ts';
import { A_TEXT, flag, gives, listOf, TEXT_OR_NULL, TRUTH, takes } from '../schema.ts';

export const testConnection = defineAction<unknown>({
  uuid: '41550aa7-5f1c-44d0-87e0-8bb2f064a19a',
  slug: 'test_connection',
  name: 'Test the connection',
  description:
    'Checks configuration, rules, network, token, permission, a one-row query, quota and targets; sends nothing.',
  scope: 'run',
  asksTenant: true,
  command: ['huntwire', 'doctor', '--format', 'json'],
  input: takes({ offline: flag('Reach no source and no target; secrets may be missing.', '--offline') }),

  results: gives({
    checks: listOf(gives({ name: A_TEXT, subject: A_TEXT, ok: TRUTH, message: A_TEXT, fix: TEXT_OR_NULL })),
  }),
  run: (input, { rehearse }) => rehearse('test_connection', input),
});
