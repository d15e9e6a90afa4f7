import { defineAction } from '../action.ts';
import { A_TEXT, AN_INTEGER, gives, listOf, TRUTH, takes, words } from '../schema.ts';

export const testRules = defineAction<unknown>({
  uuid: 'e99b5aa3-32ee-456c-ac56-c477e9ebff5d',
  slug: 'test_rules',
  name: 'Test rules',
  description: 'Runs the tests inside rule files, without a tenant.',
  scope: 'run',
  command: ['huntwire', 'test', '--format', 'json'],
  input: takes({ rule: words('Only these rules.', '--rule') }),
  commandOnly: { paths: words('Rule files and folders; the configured ones where left out.', '[paths...]') },
  results: gives(
    {
      tests: listOf(
        gives({
          rule: A_TEXT,
          name: A_TEXT,
          ok: TRUTH,
          differences: listOf(gives({ path: A_TEXT, expected: {}, actual: {} }, ['expected', 'actual'])),
        }),
      ),
      passed: AN_INTEGER,
      failed: AN_INTEGER,
      idleExceptions: {
        description: 'Exceptions that take no row out in any test of their rule.',
        type: 'array',
        items: gives({
          rule: A_TEXT,
          exception: AN_INTEGER,
          reason: A_TEXT,
          file: A_TEXT,
          line: AN_INTEGER,
          column: AN_INTEGER,
        }),
      },
    },
    ['idleExceptions'],
  ),
  run: (input, { rehearse }) => rehearse('test_rules', input),
});
