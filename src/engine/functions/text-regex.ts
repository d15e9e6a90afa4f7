import { HuntwireError } from '../../lib/errors.ts';
import { allMatches, compileRegex, type Regex, type RegexMatch } from '../regex/compile-regex.ts';
import { memoLast } from '../scalar-operators/memo.ts';
import type { ScalarFunction, Value } from '../value.ts';
import { pointsBefore } from '../values/code-points.ts';
import { converter } from '../values/convert.ts';
import { isArray } from '../values/dynamic.ts';
import { alias, define, defineFor, type FunctionBinding } from './define.ts';
import { searchRange } from './text.ts';
import { checkLength } from './text-length.ts';

function compiler(flags = ''): (pattern: string) => Regex {
  return memoLast((pattern: string) => compileRegex(pattern, flags));
}

/** `extract(regex, group, source, typeof(type))`: the binder's result type is the wanted type. */
function createExtract({ resultType }: FunctionBinding) {
  const compile = compiler();
  const convert = converter('string', resultType);
  return (pattern: string, group: number, source: string, _type?: Value): Value => {
    const found = compile(pattern).find(source, 0)?.groups[group] ?? null;
    return found === null ? null : (convert?.(found) ?? null);
  };
}

function groupNumber(regex: Regex, group: Value): number | null {
  if (typeof group === 'string') return regex.names.get(group) ?? null;
  return typeof group === 'number' && group >= 0 && group <= regex.groupCount ? group : null;
}

function wantedGroups(regex: Regex, groups: Value): number[] | null {
  if (groups === null) return Array.from({ length: regex.groupCount }, (_, index) => index + 1);
  const numbers = isArray(groups) ? groups.map((group) => groupNumber(regex, group)) : [];
  return numbers.every((number) => number !== null) && numbers.length > 0 ? numbers : null;
}

function pick(match: RegexMatch, groups: readonly number[]): Value {
  const texts = groups.map((group) => match.groups[group] ?? '');
  return texts.length === 1 ? (texts[0] ?? '') : texts;
}

function withoutGroup(pattern: string): HuntwireError {
  return new HuntwireError('KQL_FAILED', `extract_all() wants a group in its regular expression: ${pattern}`);
}

/** Every match: texts for one group, arrays of texts for several; null where nothing matches. */
function createExtractAll() {
  const compile = compiler();
  return (pattern: string, second: Value, third?: string): Value => {
    const [groups, source] = third === undefined ? [null, String(second ?? '')] : [second, third];
    const regex = compile(pattern);
    if (regex.groupCount === 0 && groups === null) throw withoutGroup(pattern);
    const wanted = wantedGroups(regex, groups);
    const matches = wanted ? [...allMatches(regex, source)].map((match) => pick(match, wanted)) : [];
    return matches.length === 0 ? null : matches;
  };
}

/** `\1` in the replacement is a group, `\0` the whole match, `\\` a backslash. */
function expand(replacement: string, match: RegexMatch): string {
  return replacement.replace(/\\(\d|\\)/g, (_, sign: string) =>
    sign === '\\' ? '\\' : (match.groups[Number(sign)] ?? ''),
  );
}

function createReplace() {
  const compile = compiler();
  return (source: string, pattern: string, replacement: string): Value => {
    let result = '';
    let from = 0;
    for (const match of allMatches(compile(pattern), source)) {
      result += source.slice(from, match.start) + expand(replacement, match);
      checkLength(result.length);
      from = match.end;
    }
    return result + source.slice(from);
  };
}

/** `trim(regex, source)`: the pattern is anchored at the start, the end, or both. */
function createTrim(start: boolean, end: boolean) {
  return () => {
    const first = memoLast((pattern: string) => compileRegex(`^(?:${pattern})`));
    const last = memoLast((pattern: string) => compileRegex(`(?:${pattern})$`));
    return (pattern: string, source: string): Value => {
      const from = start ? (first(pattern).find(source, 0)?.end ?? 0) : 0;
      const rest = source.slice(from);
      const match = end ? last(pattern).find(rest, 0) : null;
      return match ? rest.slice(0, match.start) : rest;
    };
  };
}

function countTexts(source: string, searched: string): number {
  if (searched === '') return 0;
  let count = 0;
  for (let at = source.indexOf(searched); at >= 0; at = source.indexOf(searched, at + 1)) count += 1;
  return count;
}

/** Plain texts may overlap, matches of a regular expression do not. */
function createCount() {
  const compile = compiler();
  return (source: string, searched: string, kind = 'normal'): Value => {
    if (kind.toLowerCase() === 'normal') return countTexts(source, searched);
    return kind.toLowerCase() === 'regex' ? [...allMatches(compile(searched), source)].length : null;
  };
}

function createIndexOf() {
  const compile = compiler();
  return (source: string, pattern: string, start = 0, length = -1, occurrence = 1): Value => {
    const range = start < 0 ? null : searchRange(source, start, length);
    if (!range || !(occurrence >= 1)) return null;
    let seen = 0;
    for (const match of allMatches(compile(pattern), source.slice(range[0], range[1]))) {
      seen += 1;
      if (seen === occurrence) return pointsBefore(source, range[0] + match.start);
    }
    return -1;
  };
}

const EXTRACT_ALL = defineFor('extract_all', ['string', 'dynamic', 'string?'], createExtractAll);

/** Functions that take a regular expression. */
export const TEXT_REGEX: readonly ScalarFunction[] = [
  defineFor('extract', ['string', 'index', 'string', 'dynamic?'], createExtract),
  EXTRACT_ALL,
  alias('extractall', EXTRACT_ALL),
  defineFor('replace_regex', ['string', 'string', 'string'], createReplace),
  defineFor('replace', ['string', 'string', 'string'], () => {
    const call = createReplace();
    return (pattern, replacement, source) => call(source, pattern, replacement);
  }),
  defineFor('trim', ['string', 'string'], createTrim(true, true)),
  defineFor('trim_start', ['string', 'string'], createTrim(true, false)),
  defineFor('trim_end', ['string', 'string'], createTrim(false, true)),
  defineFor('countof', ['string', 'string', 'string?'], createCount),
  defineFor('indexof_regex', ['string', 'string', 'index?', 'index?', 'index?'], createIndexOf),
  define('regex_quote', ['string'], (text) => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')),
];
