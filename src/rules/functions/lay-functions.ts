import { MAX_QUERY_LENGTH } from '../../kql/query-limits.ts';
import { usedNames } from '../../kql/used-names.ts';
import type { Rule } from '../rule.ts';
import { ruleHash } from '../rule-hash.ts';
import { joinedMap, type TextPart } from './joined-map.ts';
import type { QueryLibrary } from './query-library.ts';
import type { SavedFunction } from './saved-function.ts';

/** A query with the functions that it uses in front, in an order in which each finds those that it uses. */
export interface JoinedQuery {
  readonly text: string;
  readonly functions: readonly SavedFunction[];
  /** What stands before the query itself, in order and without holes. */
  readonly parts: readonly TextPart[];
}

/** The query as it is analyzed and sent: the saved functions that it uses, and those that these use, as `let` in front. null: it uses none. */
export function joinFunctions(query: string, library: QueryLibrary): JoinedQuery | null {
  if (library.functions.size === 0) return null;
  const functions = neededFunctions(query, library);
  if (functions.length === 0) return null;
  const parts: TextPart[] = [];
  let text = '';
  for (const one of functions) {
    // What is longer than any query may be is refused, however much longer.
    if (text.length > MAX_QUERY_LENGTH) break;
    const head = `let ${one.name} = ${one.parameters} {${/^\s*[\r\n]/.test(one.body) ? '' : '\n'}`;
    const start = text.length + head.length;
    text += `${head}${one.body}\n};\n`;
    parts.push({ declaration: one, start, end: text.length });
  }
  return { text: text + query, functions, parts };
}

function neededFunctions(query: string, { functions, uses }: QueryLibrary): readonly SavedFunction[] {
  const needed: SavedFunction[] = [];
  const seen = new Set<string>();
  const add = (name: string): void => {
    const one = functions.get(name);
    if (!one || seen.has(name)) return;
    seen.add(name);
    for (const used of uses.get(name) ?? []) add(used);
    needed.push(one);
  };
  for (const name of usedNames(query, (one) => functions.has(one))) add(name);
  return needed;
}

/** The rule with the functions that its query uses in the query itself. Its hash is that of what is sent now; its places stay where they are. */
export function layFunctions(rule: Rule, library: QueryLibrary): Rule {
  const joined = joinFunctions(rule.query, library);
  if (joined === null) return rule;
  const { hash: _, map, ...own } = rule;
  const said = { ...own, query: joined.text };
  return Object.freeze({ ...said, hash: ruleHash(said), map: joinedMap(map, joined) });
}
