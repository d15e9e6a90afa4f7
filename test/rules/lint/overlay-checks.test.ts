import { describe, expect, it } from '@jest/globals';
import { DAY_MS } from '../../../src/lib/duration.ts';
import { lintRules } from '../../../src/rules/lint/lint-rules.ts';
import { loadSet } from '../overlays/overlay-folder.ts';
import { preparedOf } from '../prepared-of.ts';
import { ruleText } from '../rule-text.ts';

const RULE = ruleText({ tags: '[office]', attack: '[T1059.001]' });

describe('lint of overlays', () => {
  const lint = async (overlays: string, more: Readonly<Record<string, string>> = {}) => {
    const { rules, unmatched } = await loadSet({ 'rules/a.yaml': RULE, 'overlays/x.yaml': overlays, ...more });
    const subjects = rules.map((rule) => ({ rule, prepared: preparedOf() }));
    return lintRules(subjects, { now: 0, retentionMs: 30 * DAY_MS, unmatched })
      .filter(({ check }) => ['overlay-unmatched', 'overlay-twice'].includes(check))
      .map(({ check, severity, line, column, message, suggestion }) =>
        `${check} ${severity} ${line}:${column} ${message} ${suggestion ?? ''}`.trim(),
      );
  };

  it('overlay-unmatched: ids and patterns that no rule has, and overlays that are laid over none', async () => {
    expect(
      await lint(
        'overlays:\n  - {match: {ids: [some-rul, some-rule]}, set: {severity: low}}\n  - {match: {globs: [x-*]}, set: {status: disabled}}\n  - {match: {tags: [none]}, set: {suppress: 1h}}\n',
      ),
    ).toEqual([
      'overlay-unmatched warning 2:20 No rule has the id "some-rul". Did you mean "some-rule"?',
      'overlay-unmatched warning 3:22 The pattern "x-*" fits no id and no file of a rule. It is matched with ids, and with the ends of paths.',
      'overlay-unmatched warning 4:5 This overlay is laid over no rule.',
    ]);
  });

  it('overlay-twice: not of a block that both share, only of what one says anew', async () => {
    expect(
      await lint(
        'overlays:\n  - {match: {tags: [office]}, set: &q {suppress: 1h, severity: high}}\n  - {match: {ids: [some-rule]}, set: {<<: *q, severity: low}}\n',
      ),
    ).toEqual([
      'overlay-twice info 3:47 "severity" of rule some-rule is set here and at /set/overlays/x.yaml:2; this one counts, because it stands later.',
    ]);
  });

  describe('overlay-unmatched beside a file that did not load', () => {
    const overlays =
      'overlays:\n  - {match: {ids: [lost-rule, no-rule]}, set: {severity: low}}\n  - {match: {globs: [lost-*, x-*, "sub/*", "b.yaml"]}, set: {status: disabled}}\n  - {match: {tags: [none]}, set: {suppress: 1h}}\n';
    const unmatched = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> =>
      (await lint(overlays, files)).map((line) => /"([^"]+)"/.exec(line)?.[1] ?? line);
    const broken = ruleText({ id: 'Lost-Rule', severity: 'hihg' });

    it.each([
      ['a wrong value', { 'rules/b.yaml': broken }],
      ['no YAML', { 'rules/b.yaml': `${broken}: [` }],
      ['a second document that is right', { 'rules/b.yaml': `${broken}---\n${ruleText({ id: 'other' })}` }],
    ])('tells what it cannot have either: %s', async (_, files) => {
      expect(await unmatched(files)).toEqual(['no-rule', 'x-*', 'sub/*']);
    });

    it('tells nothing beside a file whose ids are not as they stand there', async () => {
      expect(await unmatched({ 'rules/s.yaml': 'kind: Scheduled\nname: S\nqueryFrequency: 1h\n' })).toEqual([]);
      expect(await unmatched({ 'rules/s.json': '{"resources": [' })).toEqual([]);
    });
  });

  it('overlay-twice: a key that two overlays set, and not what is added', async () => {
    const set = 'suppress: 1h, exceptions: [{where: {A: b}, reason: r, owner: o, expires: 2099-01-01}]';
    expect(
      await lint(
        `overlays:\n  - {match: {}, set: {${set}, params: {a: 1}}}\n  - {match: {}, set: {${set}, params: {b: 1}}}\n`,
      ),
    ).toEqual([
      'overlay-twice info 3:23 "suppress" of rule some-rule is set here and at /set/overlays/x.yaml:2; this one counts, because it stands later.',
    ]);
  });
});
