import type { RuleTest, RunnableRule } from '../../rules/rule.ts';
import { openMemoryStore } from '../../state/sqlite-store.ts';
import { type RuleTestResult, testRule } from '../../trial/test-rule.ts';

export function runRuleTest(rule: RunnableRule, test: RuleTest): Promise<RuleTestResult> {
  return testRule(rule, test, { openStore: (clock) => openMemoryStore({ clock }) });
}
