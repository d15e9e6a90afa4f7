import { compileRegex } from '../regex/compile-regex.ts';
import { fitted, type PatternPart, type TextParser } from './parse-pattern.ts';

const NUMBERS: Readonly<Record<string, string>> = {
  int: '([+-]?\\d+)',
  long: '([+-]?\\d+)',
  real: '([+-]?\\d+(?:\\.\\d+)?)',
  decimal: '([+-]?\\d+(?:\\.\\d+)?)',
};

/** `kind=regex`: literals are patterns, everything together is one regular expression; a dot matches line ends, too. */
export function regexParser(parts: readonly PatternPart[], flags: string): TextParser {
  const { pattern, groups } = combined(parts);
  const columns = parts.flatMap((part) => (part.kind === 'column' ? [part] : []));
  const regex = compileRegex(pattern, [...new Set(`${flags}s`)].join(''));
  return (text) => {
    const match = regex.find(text, 0);
    if (!match) return null;
    const values = columns.map(({ type }, index) => fitted(match.groups[groups[index] ?? 0] ?? '', type));
    return columns.some(({ type }, index) => type !== 'string' && values[index] === null) ? null : values;
  };
}

/** The whole pattern, and the group number of each column: literals may have groups of their own. */
function combined(parts: readonly PatternPart[]): { readonly pattern: string; readonly groups: readonly number[] } {
  const groups: number[] = [];
  let next = 1;
  const sources = parts.map((part) => {
    if (part.kind === 'star') return '.*';
    if (part.kind === 'literal') {
      next += compileRegex(part.text).groupCount;
      return `(?:${part.text})`;
    }
    groups.push(next);
    next += 1;
    return NUMBERS[part.type] ?? '(.*)';
  });
  return { pattern: `^${sources.join('')}$`, groups };
}
