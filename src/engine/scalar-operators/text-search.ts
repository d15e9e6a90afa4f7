import { compileRegex } from '../regex/compile-regex.ts';
import type { Value } from '../value.ts';
import { foldCase } from '../values/fold.ts';
import { textWriter } from '../values/text.ts';
import { memoLast } from './memo.ts';
import { createNeedle, type Edges, hasTerm } from './terms.ts';

type Call = (left: Value, right: Value) => boolean;
/** A test of texts; the second text seldom changes from row to row. */
type Search = (text: string, searched: string) => boolean;

const WHOLE: Edges = { start: true, end: true };
const PREFIX: Edges = { start: true, end: false };
const SUFFIX: Edges = { start: false, end: true };

function termSearch(edges: Edges): (caseSensitive: boolean) => Search {
  return (caseSensitive) => {
    const prepare = memoLast((searched: string) => createNeedle(searched, caseSensitive));
    return (text, searched) => hasTerm(caseSensitive ? text : foldCase(text), prepare(searched), edges);
  };
}

function foldedSearch(search: Search): (caseSensitive: boolean) => Search {
  return (caseSensitive) => {
    if (caseSensitive) return search;
    const fold = memoLast(foldCase);
    return (text, searched) => search(foldCase(text), fold(searched));
  };
}

function equalsWithoutCase(): Search {
  const fold = memoLast(foldCase);
  return (text, searched) =>
    text.length === searched.length && (text === searched || foldCase(text) === fold(searched));
}

function startSearch(caseSensitive: boolean): Search {
  if (caseSensitive) return (text, searched) => text.startsWith(searched);
  const fold = memoLast(foldCase);
  return (text, searched) => foldCase(text.slice(0, searched.length)) === fold(searched);
}

function endSearch(caseSensitive: boolean): Search {
  if (caseSensitive) return (text, searched) => text.endsWith(searched);
  const fold = memoLast(foldCase);
  return (text, searched) =>
    searched.length <= text.length && foldCase(text.slice(text.length - searched.length)) === fold(searched);
}

function regexSearch(): Search {
  const compile = memoLast((pattern: string) => compileRegex(pattern));
  return (text, pattern) => compile(pattern).test(text);
}

const FAMILIES: Readonly<Record<string, (caseSensitive: boolean) => Search>> = {
  has: termSearch(WHOLE),
  hasprefix: termSearch(PREFIX),
  hassuffix: termSearch(SUFFIX),
  contains: foldedSearch((text, searched) => text.includes(searched)),
  startswith: startSearch,
  endswith: endSearch,
};

function searchOf(operator: string): Search | null {
  if (operator === '=~') return equalsWithoutCase();
  if (operator === 'matches regex') return regexSearch();
  const caseSensitive = operator.endsWith('_cs');
  return FAMILIES[caseSensitive ? operator.slice(0, -3) : operator]?.(caseSensitive) ?? null;
}

/**
 * The operators on text: `=~`, `has`, `contains`, `startswith`, … with `!` and `_cs`, `matches regex`. They are total: a null is
 * empty text. Operands of other types are taken as tostring() writes them.
 */
export function textOperator(operator: string, leftType: string, rightType: string): Call | null {
  const negated = operator.startsWith('!');
  const search = searchOf(operator === '!~' ? '=~' : negated ? operator.slice(1) : operator);
  if (!search) return null;
  const [left, right] = [textWriter(leftType), textWriter(rightType)];
  return (a, b) => search(left(a), right(b)) !== negated;
}
