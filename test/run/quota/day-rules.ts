import type { RunnableRule } from '../../../src/rules/rule.ts';
import { makeRule } from '../make-rule.ts';
import { EVENT, MINUTE } from '../story.ts';

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'informational'] as const;

/** Stream rules of all severities that may go with others, each due every so many minutes. */
export function dayRules(count: number, minutes: (index: number) => number): readonly RunnableRule[] {
  return Array.from({ length: count }, (_, index) => {
    const everyMs = minutes(index) * MINUTE;
    const schedule = { kind: 'every', everyMs, lookbackMs: null } as const;
    const severity = SEVERITIES[index % SEVERITIES.length] ?? 'medium';
    return makeRule(
      { id: `rule${index}`, severity, schedule, lookbackMs: everyMs },
      { identity: EVENT, packable: true },
    );
  });
}
