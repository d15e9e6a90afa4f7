import { RE2JS } from 're2js';
import type { Alert } from './alert.ts';
import { cellText } from './cell.ts';
import { idleMatcher } from './matcher-values.ts';

/** One condition on an alert, as routes and silences write it: `severity=~"high|critical"`. */
export interface Matcher {
  /** As it was written. */
  readonly text: string;
  readonly name: string;
  /** `!=` and `!~`: none of the values may match; else one must. */
  readonly isNegated: boolean;
  readonly matches: (value: string) => boolean;
}

/** What matchers look at: an alert, or a hit that may become one. */
export type Matchable = Pick<Alert, 'kind' | 'severity' | 'tenant' | 'attack' | 'entities' | 'details'> & {
  readonly rule: Pick<Alert['rule'], 'id' | 'tags'>;
};

export type ParsedMatcher =
  | { readonly kind: 'matcher'; readonly matcher: Matcher }
  | { readonly kind: 'problem'; readonly message: string };

/** Longer ones are no names of anything, and cost time. */
const LONGEST_VALUE = 1024;
const SHAPE = /^\s*([A-Za-z][\w.-]*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*$/s;
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', n: '\n', t: '\t' };

/** What of an alert has which name; `entity.` and `details.` have a name behind the dot. */
const FIELDS: Readonly<Record<string, (alert: Matchable) => readonly string[]>> = {
  kind: ({ kind }) => [kind],
  severity: ({ severity }) => [severity],
  tag: ({ rule }) => rule.tags,
  tactic: ({ attack }) => attack.flatMap(({ tactic }) => tactic ?? []),
  technique: ({ attack }) => attack.flatMap(({ technique }) => technique ?? []),
  tenant: ({ tenant }) => [tenant],
  rule: ({ rule }) => [rule.id],
};
/** A field that says what an entity is to the alert, and not what it is. */
const NO_VALUE = new Set(['type', 'role']);

/** What may stand before the operator. */
export const MATCHER_NAMES: readonly string[] = [...Object.keys(FIELDS), 'entity.TYPE', 'details.KEY'];

/**
 * Reads `NAME=|!=|=~|!~"VALUE"`. A regex is RE2, anchored at both ends; in the value `\"`, `\\`, `\n` and `\t` are escapes, any other
 * backslash stands for itself. One that could never tell two alerts apart is a problem, too.
 */
export function parseMatcher(text: string): ParsedMatcher {
  const [, name, operator, quoted] = SHAPE.exec(text) ?? [];
  if (name === undefined || operator === undefined || quoted === undefined)
    return problem(`"${text}" is no matcher: write NAME="VALUE", with =, !=, =~ or !~.`);
  if (!isKnown(name)) return problem(`"${name}" is nothing that an alert has. There are: ${MATCHER_NAMES.join(', ')}.`);
  const value = quoted.replace(/\\(.)/gs, (whole, one: string) => ESCAPES[one] ?? whole);
  if (value.length > LONGEST_VALUE) return problem(`A value has at most ${LONGEST_VALUE} characters.`);
  const isNegated = operator.startsWith('!');
  if (!operator.endsWith('~')) {
    return usable({ text, name, isNegated, matches: (one) => one === value }, value);
  }
  return regexMatcher({ text, name, isNegated }, value);
}

function usable(matcher: Matcher, plain: string | null): ParsedMatcher {
  const idle = idleMatcher(matcher.name, plain, matcher.matches);
  return idle === null ? { kind: 'matcher', matcher } : problem(idle);
}

function regexMatcher(parts: Omit<Matcher, 'matches'>, value: string): ParsedMatcher {
  try {
    const regex = RE2JS.compile(value, RE2JS.DOTALL);
    return usable({ ...parts, matches: (one) => regex.matches(one) }, null);
  } catch (thrown) {
    return problem(`"${value}" is no regex (RE2): ${thrown instanceof Error ? thrown.message : String(thrown)}.`);
  }
}

function problem(message: string): ParsedMatcher {
  return { kind: 'problem', message };
}

function isKnown(name: string): boolean {
  return Object.hasOwn(FIELDS, name) || /^(?:entity|details)\../.test(name);
}

/** Whether all of the matchers hold. Of several values one must match, of a negated matcher none may. */
export function matchesAll(matchers: readonly Matcher[], alert: Matchable): boolean {
  return matchers.every(({ name, isNegated, matches }) => valuesOf(name, alert).some(matches) !== isNegated);
}

/**
 * Whether the matchers may hold for an alert of which only `names` are known yet: each of those must hold, the others may.
 */
export function mayMatch(matchers: readonly Matcher[], known: Matchable, names: ReadonlySet<string>): boolean {
  return matchesAll(
    matchers.filter(({ name }) => names.has(name)),
    known,
  );
}

/** What an alert has under a name: none where it has no such entity or detail. */
function valuesOf(name: string, alert: Matchable): readonly string[] {
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (field) return field(alert);
  const key = name.slice(name.indexOf('.') + 1);
  if (name.startsWith('details.')) {
    const value = Object.hasOwn(alert.details, key) ? alert.details[key] : undefined;
    return value === undefined ? [] : [cellText(value)];
  }
  return alert.entities.filter(({ type }) => type === key).flatMap(valuesOfEntity);
}

function valuesOfEntity(entity: Alert['entities'][number]): readonly string[] {
  const values = Object.entries(entity).flatMap(([field, value]) => (NO_VALUE.has(field) ? [] : [cellText(value)]));
  return values.filter((value) => value !== '');
}
