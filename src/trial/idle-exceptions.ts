import type { Place } from '../lib/yaml/parse-yaml.ts';
import type { RunnableRule } from '../rules/rule.ts';
import type { RuleTestResult } from './test-rule.ts';

/** An exception that takes no row out in any test of its rule: nobody has seen that it does what it is meant for. */
export interface IdleException extends Place {
  readonly rule: string;
  /** Its number in the rule, from 0. */
  readonly exception: number;
  readonly reason: string;
  readonly file: string;
}

/** Says nothing of a rule of which a test failed before its exceptions were tried, or that has no test. */
export function idleExceptions(rule: RunnableRule, results: readonly RuleTestResult[]): readonly IdleException[] {
  const counts = results.filter((result) => result.rule === rule.id).map(({ excepted }) => excepted);
  if (counts.length === 0 || counts.some((rows) => rows === undefined)) return [];
  return rule.exceptions.flatMap(({ reason }, exception) => {
    if (counts.some((rows) => (rows?.[exception] ?? 0) > 0)) return [];
    const { file = rule.map.file, line, column } = rule.map.placeOf(['exceptions', exception]);
    return [{ rule: rule.id, exception, reason, file, line, column }];
  });
}
