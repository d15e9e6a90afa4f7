import { basename, extname } from 'node:path';
import { usedNames } from '../../kql/used-names.ts';
import type { Problem } from '../../lib/errors.ts';
import type { Rule } from '../rule.ts';
import { FUNCTION_NAME } from './saved-function.ts';

/** Functions that were left out, by name, and the file that should give each. */
export type LostFunctions = ReadonlyMap<string, string>;

/** Where files of each kind write a function's name. */
const NAMED =
  /\b(?:FunctionName|FunctionAlias|ParserName|EquivalentBuiltInParser)["']?\s*:\s*["']?(\w+)|\bfunction\s+(?:ifnotexists\s+)?(?:with\s*\([^)]*\)\s*)?(\w+)|\blet\s+(\w+)\s*=\s*\(/gi;

/** What the functions of a file that could not be read may be called: the names that it writes, else its own. */
export function namesOfFunctions(file: string, text: string): readonly string[] {
  const written = [...text.matchAll(NAMED)].map(([, yaml, created, let_]) => yaml ?? created ?? let_ ?? '');
  const names = written.length > 0 ? written : [basename(file, extname(file))];
  return names.filter((name) => FUNCTION_NAME.test(name));
}

/**
 * Where queries use what was left out, each place once. They are sent without it: the service may have a function of that name, or refuse
 * the query.
 */
export function lostUses(rules: readonly Rule[], lost: LostFunctions): readonly Problem[] {
  if (lost.size === 0) return [];
  const told = rules.flatMap((rule) => usesOf(rule, lost));
  return [...new Map(told.map((one) => [`${one.file}:${one.line}:${one.column}`, one])).values()];
}

function usesOf(rule: Rule, lost: LostFunctions): readonly Problem[] {
  return usedNames(rule.query, (name) => lost.has(name)).map((name) => {
    const place = rule.map.place(rule.query.search(new RegExp(String.raw`\b${name}\b`)));
    const message = `The query uses the function "${name}", which is left out: ${lost.get(name)} is refused.`;
    return { file: rule.map.file, ...place, code: 'RULE_INVALID', message };
  });
}
