import { lineAfter, type Recipe } from '../recipe.ts';

const CHECK = `import type { LintCheck } from './check.ts';

export const nameInCapitals: LintCheck = {
  id: 'name-in-capitals',
  description: 'A name all in capitals.',
  why: 'It shouts.',
  mend: 'Write it as a sentence.',
  severity: 'info',
  analyzed: false,
  refuses: [],
  check: (rule) => {
    if (rule.name !== rule.name.toUpperCase()) return [];
    const message = 'The name of this rule is written in capitals.';
    return [{ place: rule.map.placeOf(['name']), message, suggestion: 'Write it as a sentence.' }];
  },
};
`;

const TEST = `import { describe, expect, it } from '@jest/globals';
import { lintRules } from '../../../src/rules/lint/lint-rules.ts';
import { preparedOf } from '../prepared-of.ts';
import { ruleOf } from '../rule-text.ts';

function found(name: string): number {
  const settings = { now: Date.parse('2026-05-01T00:00:00Z'), retentionMs: 30 * 86_400_000 };
  const findings = lintRules([{ rule: ruleOf({ name }), prepared: preparedOf({}) }], settings);
  return findings.filter((one) => one.check === 'name-in-capitals').length;
}

describe('name-in-capitals', () => {
  it('finds a name in capitals, and no other', () => {
    expect([found('SOME RULE'), found('Some RULE')]).toEqual([1, 0]);
  });
});
`;

export const LINT_CHECK_RECIPE: Recipe = {
  kind: 'lint check',
  most: { files: 3, lines: 2 },
  files: {
    'src/rules/lint/name-in-capitals.ts': CHECK,
    'test/rules/lint/name-in-capitals.test.ts': TEST,
  },
  edits: [
    lineAfter(
      'src/rules/lint/registry.ts',
      "from './lookback-missing.ts'",
      "import { nameInCapitals } from './name-in-capitals.ts';",
    ),
    lineAfter('src/rules/lint/registry.ts', '  lookbackMissing,', '  nameInCapitals,'),
  ],
  steps: [
    {
      without: 'src/rules/lint/registry.ts',
      check: 'every file of src is taken by another',
      says: 'rules/lint/name-in-capitals.ts',
    },
    {
      without: 'test/rules/lint/name-in-capitals.test.ts',
      check: 'every lint check has a test',
      says: 'name-in-capitals',
    },
    { without: 'docs/lint.md', check: 'generated files are current', says: 'docs/lint.md' },
  ],
};
