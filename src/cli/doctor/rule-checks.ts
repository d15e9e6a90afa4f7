import { callsSent, UNSTAMPED_LACKS } from '../../kql/workspace/lacking-calls.ts';
import { type CheckResult, failed } from '../../lib/check-result.ts';
import { pausesOfRules } from '../../rules/cron/pauses.ts';
import type { RunnableRule } from '../../rules/rule.ts';

/** What a set rule never searches although nobody says that it is meant. It is no failure: the rule runs. */
export function pauseChecks(rules: readonly RunnableRule[], now: number): readonly CheckResult[] {
  const fix = 'Lengthen its lookback, or write "pauses: accepted" in its "schedule" where it is meant.';
  return pausesOfRules(rules, now).map(({ ruleId, message }) => failed('schedule', ruleId, message, fix));
}

/** Rules that call what their source does not have: no run of theirs will come to anything. */
export function lackChecks(api: string, rules: readonly RunnableRule[]): readonly CheckResult[] {
  const fix = 'Leave the time to the window, or give the rule to a tenant with another source.';
  return rules.flatMap(({ id, prepared, window }) => {
    const [call] = window.unstamped ? callsSent(prepared, UNSTAMPED_LACKS) : [];
    return !call ? [] : [failed('rule', id, `It calls ${call.text}(), which ${api} does not have.`, fix)];
  });
}
