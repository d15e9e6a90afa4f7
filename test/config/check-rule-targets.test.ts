import { describe, expect, it } from '@jest/globals';
import { checkRuleTargets } from '../../src/config/check-rule-targets.ts';
import type { Config } from '../../src/config/config.ts';
import { ruleOf } from '../rules/rule-text.ts';

const targets = new Map([['soar', { type: 'print' }]]);
const check = (
  more: Readonly<Record<string, string>>,
  defaultTargets: readonly string[] = [],
  routes: Config['routes'] = [],
) => checkRuleTargets([ruleOf(more)], { targets, defaultTargets, routes });

describe('checkRuleTargets', () => {
  it('is content with known targets and with defaults', () => {
    expect(check({ targets: '[soar]' })).toEqual([]);
    expect(check({}, ['soar'])).toEqual([]);
  });

  it('names an unknown target at its place, with the nearest', () => {
    const message = 'There is no target "sora". Did you mean "soar"?';
    expect(check({ targets: '[soar, sora]' })).toEqual([
      { file: 'some.yaml', line: 6, column: 17, code: 'RULE_INVALID', message },
    ]);
  });

  it('refuses an effective rule whose alerts would go nowhere', () => {
    expect(check({})).toEqual([expect.objectContaining({ message: expect.stringContaining('has no target') })]);
    expect([check({ status: 'testing' }), check({ status: 'disabled' })]).toEqual([[], []]);
  });

  it('is content where a last route takes everything, and not where none is sure to match', () => {
    const all = { match: [], targets: ['soar'], continue: false };
    expect(check({}, [], [all])).toEqual([]);
    const high = { text: 'severity="high"', name: 'severity', isNegated: false, matches: () => true };
    expect(check({}, [], [{ ...all, match: [high] }])).toEqual([
      expect.objectContaining({ message: expect.stringContaining('that no route matches have no target') }),
    ]);
  });
});
