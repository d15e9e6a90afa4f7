import { describe, expect, it } from '@jest/globals';
import { parseYaml } from '../../src/lib/yaml/parse-yaml.ts';
import { namedColumns } from '../../src/rules/named-columns.ts';
import { writeRule } from '../../src/rules/write/write-rule.ts';
import { loadSet } from './overlays/overlay-folder.ts';
import { problemsOf, ruleOf, ruleText } from './rule-text.ts';

describe('redact of a rule', () => {
  it('is read, named for lint, written again, and makes another hash', () => {
    const rule = ruleOf({ redact: '{columns: [AccountUpn], how: hash}' });
    expect(rule.redact).toEqual({ columns: ['AccountUpn'], how: 'hash' });
    expect(namedColumns(rule)).toContainEqual(expect.objectContaining({ column: 'AccountUpn', by: 'redact.columns' }));
    expect(rule.hash).not.toBe(ruleOf().hash);
    const [document] = parseYaml('b.yaml', writeRule(rule), 'RULE_INVALID').documents;
    expect(document?.value).toMatchObject({ redact: { columns: ['AccountUpn'], how: 'hash' } });
  });

  it('is replaced by what an overlay says', async () => {
    const { rules, problems } = await loadSet({
      'rules/a.yaml': ruleText({ redact: '{columns: [AccountUpn], how: hash}' }),
      'overlays/o.yaml': 'overlays: [{match: {}, set: {redact: {columns: [DeviceName], how: drop}}}]\n',
    });
    expect(problems).toEqual([]);
    expect(rules[0]?.redact).toEqual({ columns: ['DeviceName'], how: 'drop' });
  });

  it.each(['{columns: [], how: hash}', '{columns: [A]}', '{columns: [A], how: mask}', '{columns: A, how: drop}'])(
    '%s is refused',
    (redact) => {
      expect(problemsOf(ruleText({ redact }))).not.toEqual([]);
    },
  );
});
