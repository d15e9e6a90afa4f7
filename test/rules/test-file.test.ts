import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadRules } from '../../src/rules/load-rules.ts';
import { sentinelText } from './readers/sentinel-text.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tests-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function load(files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { rules, problems } = await loadRules([folder]);
  return {
    tests: rules.map(
      ({ id, tests }) =>
        `${id}: ${tests.map(({ name, file, line }) => `${name} ${relative(folder, file ?? '')}:${line}`).join(', ')}`,
    ),
    problems: problems.map((one) => `${relative(folder, one.file ?? '')}:${one.line} ${one.message}`),
  };
}

const TESTS = 'tests:\n  - {name: one, rows: [], alerts: []}\n';

describe('NAME.test.yaml beside a rule file', () => {
  it('tests the rule of that file, whose own text stays as it is', async () => {
    expect(await load({ 'a.yaml': sentinelText({ id: 'a' }), 'a.test.yaml': TESTS })).toEqual({
      tests: ['a: one a.test.yaml:2'],
      problems: [],
    });
  });

  it('names the rule where the file beside has several', async () => {
    const several = `${sentinelText({ id: 'a' })}---\n${sentinelText({ id: 'b' })}`;
    expect(await load({ 'x.yaml': several, 'x.test.yaml': `rule: b\n${TESTS}` })).toEqual({
      tests: ['a: ', 'b: one x.test.yaml:3'],
      problems: [],
    });
    expect((await load({ 'x.test.yaml': TESTS })).problems).toEqual([
      'x.test.yaml:1 "rule" must name a rule of the file beside: a, b.',
    ]);
  });

  it('tells a wrong key, a name twice and a file beside nothing', async () => {
    const { problems } = await load({
      'a.yaml': sentinelText({ id: 'a' }),
      'a.test.yaml': 'tests:\n  - {name: one, row: [], alerts: []}\n',
      'b.test.yaml': TESTS,
    });
    expect(problems).toEqual([
      'b.test.yaml:null These tests stand beside no rule file of their name.',
      'a.test.yaml:2 Unknown key "row". Did you mean "rows"?',
    ]);
  });
});
