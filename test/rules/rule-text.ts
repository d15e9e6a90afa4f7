import { parseRules } from '../../src/rules/load-rules.ts';
import type { Rule } from '../../src/rules/rule.ts';

/** A small valid rule as YAML lines; `more` replaces keys of the same name or is added. */
export function ruleText(more: Readonly<Record<string, string>> = {}): string {
  const keys: Readonly<Record<string, string>> = {
    id: 'some-rule',
    name: 'Some rule',
    severity: 'high',
    query: 'DeviceProcessEvents | where FileName =~ "x.exe"',
    schedule: '{every: 15m}',
    ...more,
  };
  return Object.entries(keys)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
}

/** The rule of `ruleText`, which must be right. */
export function ruleOf(more: Readonly<Record<string, string>> = {}): Rule {
  const { rules, problems } = parseRules('some.yaml', ruleText(more));
  const [rule] = rules;
  if (!rule) throw new Error(JSON.stringify(problems));
  return rule;
}

/** `line:column message` of every problem of the text. */
export function problemsOf(text: string): string[] {
  return parseRules('some.yaml', text).problems.map((one) => `${one.line}:${one.column} ${one.message}`);
}
