import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { sarifOf } from '../../../src/cli/lint/sarif.ts';
import type { LintFinding } from '../../../src/rules/lint/check.ts';
import { LINT_CHECKS } from '../../../src/rules/lint/registry.ts';
import { findingOf } from './finding.ts';

/** The official schema is of draft 4, whose words that are used here mean the same in ours. */
function officialSchema() {
  const path = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const { $schema, id, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}
const validate = officialSchema();

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly partialFingerprints: Readonly<Record<string, string>>;
}

const LINES = ['id: a', 'query: |', '  T | take 5', '  T | take 5'];

function logOf(findings: readonly LintFinding[], lines: readonly string[] = LINES) {
  const log = sarifOf(findings, '/repo', () => lines) as {
    readonly runs: readonly [{ tool: { driver: { rules: readonly { id: string }[] } }; results: readonly Result[] }];
  };
  validate(log);
  expect(validate.errors ?? []).toEqual([]);
  return log.runs[0];
}

describe('SARIF', () => {
  it('is valid by the official schema, with help for every check', () => {
    const { tool, results } = logOf([]);
    expect(results).toEqual([]);
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(LINT_CHECKS.map(({ id }) => id));
    expect(tool.driver.rules[0]).toMatchObject({ help: { markdown: expect.stringContaining('**Mend it**') } });
    expect(validate({ version: '2.1.0', runs: [{}] })).toBe(false);
  });

  it('tells place, level, message and fix of each finding', () => {
    const fix = [{ line: 3, column: 3, endLine: 3, endColumn: 4, text: 'U' }];
    const place = { line: 3, column: 7, endLine: 3, endColumn: 11 };
    const { tool, results } = logOf([
      findingOf({ ...place, suggestion: 'Take it out.', fix }),
      findingOf({ check: 'RULE_INVALID', severity: 'error', file: '/else where/b#.yaml' }),
      findingOf({ severity: 'info', file: '/repo/rules/ä b.yaml' }),
    ]);
    expect(results).toMatchObject([
      {
        level: 'warning',
        message: { text: 'It drops rows. Take it out.' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'rules/a.yaml', uriBaseId: '%SRCROOT%' },
              region: { startLine: 3, startColumn: 7, endLine: 3, endColumn: 11 },
            },
          },
        ],
        fixes: [{ artifactChanges: [{ replacements: [{ insertedContent: { text: 'U' } }] }] }],
      },
      {
        level: 'error',
        locations: [{ physicalLocation: { artifactLocation: { uri: 'file:///else%20where/b%23.yaml' } } }],
      },
      { level: 'note', locations: [{ physicalLocation: { artifactLocation: { uri: 'rules/%C3%A4%20b.yaml' } } }] },
    ]);
    expect(results.map(({ ruleId, ruleIndex }) => tool.driver.rules[ruleIndex]?.id === ruleId)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('gives fingerprints that differ, and stay when lines move', () => {
    const findings = [findingOf({ line: 3 }), findingOf({ line: 4 }), findingOf({ line: 1, check: 'attack-missing' })];
    const prints = (given: readonly LintFinding[], lines?: readonly string[]) =>
      logOf(given, lines).results.map((result) => result.partialFingerprints.primaryLocationLineHash);
    const before = prints(findings);
    expect(new Set(before).size).toBe(3);
    const moved = findings.map((one) => ({ ...one, line: one.line + 2 }));
    expect(prints(moved, ['# new', '', ...LINES.map((line) => `  ${line}`)])).toEqual(before);
    expect(prints([findingOf({ line: 3 })], ['', '', 'other'])).not.toEqual([before[0]]);
  });
});
