import { createHash } from 'node:crypto';
import type { Rule } from './rule.ts';

/** What tells a rule from others or where its alerts go, but not what it finds and how the alerts look. */
const NOT_HASHED: readonly string[] = [
  'id',
  'previousIds',
  'name',
  'description',
  'version',
  'status',
  'attack',
  'tags',
  'author',
  'references',
  'falsePositives',
  'runbook',
  'targets',
  'tests',
  'origin',
];

/** SHA-256 (hex) over the fields that decide a rule's results, independent of the order in which they were written. */
export function ruleHash(rule: Omit<Rule, 'hash' | 'map'>): string {
  const { keepFilters, ...window } = rule.window;
  const stated = { ...rule, window: keepFilters === 'never' ? window : rule.window };
  const deciding = Object.fromEntries(Object.entries(stated).filter(([key]) => !NOT_HASHED.includes(key)));
  return createHash('sha256').update(canonical(deciding)).digest('hex');
}

/** SHA-256 (hex) over all that a rule says, to notice any edit of its file. */
export function wholeRuleHash({ map: _, ...rule }: Rule): string {
  return createHash('sha256').update(canonical(rule)).digest('hex');
}

function canonical(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical((value as Record<string, unknown>)[key])}`).join(',')}}`;
}
