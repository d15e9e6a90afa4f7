import { writeYaml } from '../../lib/yaml/write-yaml.ts';
import type { Rule } from '../rule.ts';
import { rawOf } from './raw-of.ts';

const LITERAL = ['query', 'description', 'runbook'];

/**
 * A rule in our format: reading the text gives the same rule, query and hash. Comments of its file stand before the key that the one
 * they spoke of became, and at the head where it became none.
 */
export function writeRule(rule: Rule): string {
  const raw = rawOf(rule);
  return writeYaml({ ...raw }, { literal: LITERAL, comments: commentsOf(rule, Object.keys(raw)) });
}

function commentsOf({ map }: Rule, keys: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const keyByLine = new Map<number, string>();
  const start = map.placeOf([]).line;
  for (const key of keys) {
    const { line } = map.placeOf([key]);
    // What has no place of its own stands where the rule begins.
    if (!keyByLine.has(line) && (line !== start || key === 'id')) keyByLine.set(line, key);
  }
  const comments = new Map<string, string[]>();
  for (const { text, first, last } of map.comments?.('#') ?? []) {
    const isHead = first === start && last > first;
    const key = isHead ? '' : (keyByLine.get(first) ?? '');
    comments.set(key, [...(comments.get(key) ?? []), text]);
  }
  return comments;
}
