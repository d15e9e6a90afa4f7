import { RE2JS } from 're2js';
import { HuntwireError } from '../../lib/errors.ts';
import { type ParsedRegex, regexSource } from './ast.ts';
import { regexCost } from './cost.ts';
import { parseRegex } from './parse-regex.ts';
import { plainPattern } from './plain-pattern.ts';
import { BeyondSubset } from './scanner.ts';
import { widenPattern } from './widen-pattern.ts';

export interface RegexMatch {
  readonly start: number;
  readonly end: number;
  /** The whole match and every group; null where a group took no part. */
  readonly groups: readonly (string | null)[];
}

/** A compiled pattern, of the syntax that the documentation tells. Its time is linear in the text, or within a fixed number of steps. */
export interface Regex {
  readonly groupCount: number;
  /** Numbers of the named groups. */
  readonly names: ReadonlyMap<string, number>;
  test(text: string): boolean;
  /** The first match that starts at or after `from` (UTF-16 units). */
  find(text: string, from: number): RegexMatch | null;
}

/** Steps of backtracking one match may take at most; longer texts go to the linear matcher. */
const STEPS = 2_000_000;
const CACHE_SIZE = 500;
const cache = new Map<string, Regex>();

/** The length of text up to which backtracking stays within its steps. */
function nativeLength(degree: number): number {
  return degree === Number.POSITIVE_INFINITY ? 0 : degree <= 1 ? Number.POSITIVE_INFINITY : STEPS ** (1 / degree);
}

function invalid(pattern: string, reason: string): HuntwireError {
  return new HuntwireError('KQL_FAILED', `The regular expression "${pattern.slice(0, 200)}" is not valid: ${reason}.`);
}

function linearRegex(pattern: string, flags: string, wide: boolean): Regex {
  const plain = plainPattern(pattern);
  const text = wide ? widenPattern(plain) : plain;
  const source = flags === '' ? text : `(?${flags})${text}`;
  try {
    return wrapLinear(RE2JS.compile(source));
  } catch (error) {
    throw invalid(pattern, error instanceof Error ? error.message : String(error));
  }
}

function wrapLinear(compiled: RE2JS): Regex {
  const groupCount = compiled.groupCount();
  return {
    groupCount,
    names: new Map(Object.entries(compiled.namedGroups())),
    test: (text) => compiled.test(text),
    find(text, from) {
      const matcher = compiled.matcher(text);
      if (from > text.length || !matcher.find(from)) return null;
      const groups = Array.from({ length: groupCount + 1 }, (_, group) => matcher.group(group));
      return { start: matcher.start(), end: matcher.end(), groups };
    },
  };
}

function groupNames(root: ParsedRegex['root'], names: (string | null)[]): (string | null)[] {
  if (root.kind === 'group') {
    if (root.capturing) names.push(root.name);
    groupNames(root.body, names);
  } else if (root.kind === 'repeat') groupNames(root.body, names);
  else if (root.kind === 'sequence') for (const item of root.items) groupNames(item, names);
  else if (root.kind === 'choice') for (const branch of root.branches) groupNames(branch, names);
  return names;
}

/** Whether the narrow form of the pattern is asked about texts of ASCII only. */
function isForAscii(pattern: string): boolean {
  return /\\[dDwWsSbB<>]/.test(pattern);
}

/**
 * Sources that mean the same of a text of ASCII without the flag `u`, which makes boundaries without case ten times slower: it has
 * letters beyond ASCII that fold into it looked for.
 */
const SAME_WITHOUT_U = /^(?:[ -[\]-~]|\\[^pPuckK0-9])*$/;

function nativeRegex(parsed: ParsedRegex, pattern: string, flags: string, wide: boolean): Regex {
  const longest = nativeLength(regexCost(parsed).degree);
  if (longest === 0) return linearRegex(pattern, flags, wide);
  const source = regexSource(parsed.root, wide);
  const unicode = wide || parsed.hasSets ? 'v' : isForAscii(pattern) && SAME_WITHOUT_U.test(source) ? '' : 'u';
  const letters = `${parsed.ignoreCase ? 'i' : ''}${unicode}`;
  const tester = new RegExp(source, letters);
  const finder = new RegExp(source, `g${letters}`);
  const names = groupNames(parsed.root, []);
  let linear: Regex | null = null;
  const fallback = (): Regex => {
    linear ??= linearRegex(pattern, flags, wide);
    return linear;
  };
  return {
    groupCount: names.length,
    names: new Map(names.flatMap((name, index) => (name === null ? [] : [[name, index + 1] as const]))),
    test: (text) => (text.length <= longest ? tester.test(text) : fallback().test(text)),
    find(text, from) {
      if (text.length > longest) return fallback().find(text, from);
      finder.lastIndex = from;
      const match = finder.exec(text);
      if (!match) return null;
      return {
        start: match.index,
        end: match.index + match[0].length,
        groups: [...match].map((group) => group ?? null),
      };
    },
  };
}

function build(pattern: string, flags: string, wide: boolean): Regex {
  try {
    const parsed = parseRegex(pattern, flags);
    return nativeRegex(parsed, pattern, flags, wide);
  } catch (error) {
    if (error instanceof BeyondSubset || error instanceof SyntaxError) return linearRegex(pattern, flags, wide);
    throw error;
  }
}

/** Texts of ASCII, nearly all that there are, are matched with classes of ASCII, which are far quicker and mean the same there. */
function byText(pattern: string, flags: string): Regex {
  const narrow = build(pattern, flags, false);
  if (!isForAscii(pattern)) return narrow;
  let wide: Regex | null = null;
  const regexFor = (text: string): Regex => {
    // The quickest way there is to ask whether all of it is ASCII.
    if (Buffer.byteLength(text) === text.length) return narrow;
    wide ??= build(pattern, flags, true);
    return wide;
  };
  return {
    groupCount: narrow.groupCount,
    names: narrow.names,
    test: (text) => regexFor(text).test(text),
    find: (text, from) => regexFor(text).find(text, from),
  };
}

/**
 * Compiles a pattern; `flags` are letters of the syntax (`i`, `m`, `s`, `U`).
 * Throws HuntwireError KQL_FAILED where the pattern is none.
 */
export function compileRegex(pattern: string, flags = ''): Regex {
  const key = `${flags}/${pattern}`;
  const known = cache.get(key);
  if (known) return known;
  const regex = byText(pattern, flags);
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(key, regex);
  return regex;
}

/** All matches in order, not overlapping; an empty one is none where the match before it ends, and the search goes on one character later. */
export function* allMatches(regex: Regex, text: string): Generator<RegexMatch> {
  let last = -1;
  for (let from = 0; from <= text.length; ) {
    const match = regex.find(text, from);
    if (!match) return;
    const isEmpty = match.end === match.start;
    if (!isEmpty || match.end !== last) yield match;
    last = match.end;
    from = isEmpty ? match.end + ((text.codePointAt(match.end) ?? 0) > 0xffff ? 2 : 1) : match.end;
  }
}
