import { MAX_QUERY_LENGTH } from '../../kql/query-limits.ts';
import { usedNames } from '../../kql/used-names.ts';
import type { Rule } from '../rule.ts';
import { ruleHash } from '../rule-hash.ts';
import { answerWatchlists } from '../watchlists/answer-watchlists.ts';
import type { Watchlist } from '../watchlists/watchlist.ts';
import { joinedMap } from './joined-map.ts';
import type { JoinedQuery, TextPart } from './joined-query.ts';
import type { QueryLibrary } from './query-library.ts';
import type { SavedFunction } from './saved-function.ts';

/**
 * The query as it is analyzed and sent: the lists that it asks for and the saved functions that it uses, and those that these use, as `let`
 * in front. null: it uses none.
 */
export function joinLibrary(text: string, library: QueryLibrary): JoinedQuery | null {
  const query = answerWatchlists(text, library.watchlists);
  const functions = neededFunctions(query.text, library);
  const asked = [...query.watchlists, ...functions.flatMap(({ name }) => library.asks.get(name) ?? [])];
  const watchlists = [...new Set(asked)];
  if (functions.length + watchlists.length === 0) return null;
  const { front, parts } = frontOf(watchlists, functions);
  return { text: front + query.text, functions, watchlists, parts, query };
}

function frontOf(
  watchlists: readonly Watchlist[],
  functions: readonly SavedFunction[],
): { readonly front: string; readonly parts: readonly TextPart[] } {
  const parts: TextPart[] = [];
  let front = '';
  const add = (head: string, body: string, tail: string, part: Pick<TextPart, 'file' | 'place'>): void => {
    // What is longer than any query may be is refused, however much longer.
    if (front.length > MAX_QUERY_LENGTH) return;
    const start = front.length + head.length;
    front += head + body + tail;
    parts.push({ ...part, start, end: front.length });
  };
  for (const { name, table, file } of watchlists)
    add(`let ${name} = `, table, ';\n', { file, place: () => ({ line: 1, column: 1 }) });
  for (const { name, parameters, body, head, file, place } of functions) {
    const opening = `let ${name} = ${parameters} {${/^\s*[\r\n]/.test(body) ? '' : '\n'}`;
    const within = (offset: number) => (offset < 0 ? head : place(Math.min(offset, body.length)));
    add(opening, body, '\n};\n', { file, place: within });
  }
  return { front, parts };
}

function neededFunctions(query: string, { functions, uses }: QueryLibrary): readonly SavedFunction[] {
  if (functions.size === 0) return [];
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

/**
 * The rule with what its query uses in the query itself: saved functions and lists. Its hash is that of what is sent now; its places stay
 * where they are.
 */
export function layLibrary(rule: Rule, library: QueryLibrary): Rule {
  const joined = joinLibrary(rule.query, library);
  if (joined === null) return rule;
  const { hash: _, map, ...own } = rule;
  const said = { ...own, query: joined.text };
  return Object.freeze({ ...said, hash: ruleHash(said), map: joinedMap(map, joined) });
}
