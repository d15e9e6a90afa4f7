import { describe, expect, it } from '@jest/globals';
import { parseRules } from '../../src/rules/load-rules.ts';
import { ruleText } from './rule-text.ts';

function read(alert: string) {
  const { rules, problems } = parseRules('rule.yaml', ruleText({ alert }));
  return { alert: rules[0]?.alert, problems: problems.map(({ message }) => message) };
}

describe('resolveAfter and updates of a rule', () => {
  it('are left out of what is read where the file leaves them out', () => {
    const { alert } = read('{per: run}');
    expect(alert && 'resolveAfterMs' in alert).toBe(false);
    expect(alert && 'updates' in alert).toBe(false);
  });

  it('are durations, or never', () => {
    expect(read('{resolveAfter: 0s}').alert?.resolveAfterMs).toBe(0);
    expect(read('{resolveAfter: 1h30m}').alert?.resolveAfterMs).toBe(5_400_000);
    expect(read('{resolveAfter: never}').alert?.resolveAfterMs).toBe('never');
    expect(read('{resolveAfter: soon}').problems).toHaveLength(1);
  });

  it('say when updates come, hourly of what has grown unless said otherwise', () => {
    expect(read('{updates: {}}').alert?.updates).toEqual({ everyMs: 3_600_000, when: 'grown' });
    const own = { everyMs: 900_000, when: 'severity' };
    expect(read('{updates: {every: 15m, when: severity}}').alert?.updates).toEqual(own);
    expect(read('{updates: {every: 1s}}').problems[0]).toContain('too short');
    expect(read('{updates: {when: always}}').problems).toHaveLength(1);
  });

  it('do not go together where nothing has an end', () => {
    expect(read('{resolveAfter: never, updates: {every: 1h}}').problems[0]).toContain('needs an end');
  });
});
