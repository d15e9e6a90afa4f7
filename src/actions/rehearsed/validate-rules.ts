import { defineAction } from '../action.ts';
import {
  A_TEXT,
  AN_INTEGER,
  flag,
  gives,
  INTEGER_OR_NULL,
  listOf,
  oneOf,
  TEXT_OR_NULL,
  TRUTH,
  takes,
  word,
  words,
} from '../schema.ts';

export const validateRules = defineAction<unknown>({
  uuid: '27cb7709-d44f-403e-a6f7-c64db76151c4',
  slug: 'validate_rules',
  name: 'Check rules',
  description: 'Checks rules: syntax, windows, thresholds and habits that lose or double hits.',
  scope: 'run',
  command: ['huntwire', 'lint', '--format', 'json'],
  input: takes({
    failOn: {
      ...oneOf(['error', 'warning', 'info']),
      description: 'The least severity that makes the exit code 1; error where left out.',
      'x-cli': '--fail-on',
    },
    strict: flag('The same as failOn: warning.', '--strict'),
    maxWarnings: {
      type: 'integer',
      minimum: 0,
      description: 'Exit code 1 with more warnings than that.',
      'x-cli': '--max-warnings',
    },
    for: {
      ...oneOf(['custom-detection']),
      description: 'Also what Defender itself would not accept as a custom detection rule.',
      'x-cli': '--for',
    },
  }),
  commandOnly: {
    paths: words('Rule files and folders; the configured ones where left out.', '[paths...]'),
    changed: word('A branch, tag or commit: only files that have changed since.', '--changed'),
    cache: word('A folder that keeps what was found for the next call.', '--cache'),
  },
  results: gives({
    files: AN_INTEGER,
    rules: AN_INTEGER,
    findings: listOf(
      gives(
        {
          check: A_TEXT,
          severity: oneOf(['error', 'warning', 'info']),
          file: A_TEXT,
          line: AN_INTEGER,
          column: AN_INTEGER,
          endLine: INTEGER_OR_NULL,
          endColumn: INTEGER_OR_NULL,
          fix: { type: ['array', 'null'] },
          refuses: TRUTH,
          message: A_TEXT,
          suggestion: TEXT_OR_NULL,
        },
        ['endLine', 'endColumn', 'fix', 'refuses'],
      ),
    ),
    errors: AN_INTEGER,
    warnings: AN_INTEGER,
    infos: AN_INTEGER,
    passed: TRUTH,
  }),
  run: (input, { rehearse }) => rehearse('validate_rules', input),
});
