import { HuntwireError } from '../../lib/errors.ts';
import { readClass } from './parse-class.ts';
import { createScanner, type Scanner } from './scanner.ts';

const LAST = 0x10ffff;

/**
 * A pattern for the linear matcher, without what it does not know or takes for something else: classes made of classes become ranges,
 * `\u0041` and `\U{41}` become `\x{41}`. Boundaries on one side cannot be said there.
 */
export function plainPattern(pattern: string): string {
  if (!/\\[uU<>]|\\b\{|\[|&&|--|~~/.test(pattern)) return pattern;
  const scanner = createScanner(pattern);
  let plain = '';
  while (scanner.peek() !== '') plain += readPart(scanner, pattern);
  return plain;
}

function readPart(scanner: Scanner, pattern: string): string {
  const quoted = scanner.match(/\\Q[\s\S]*?(?:\\E|$)/y);
  if (quoted) return quoted[0];
  if (scanner.sees(/\\(?:[<>]|b\{)/y)) throw oneSided(pattern);
  const code = scanner.match(/\\[uU]\{([0-9a-fA-F]{1,6})\}|\\u([0-9a-fA-F]{4})|\\U00([0-9a-fA-F]{6})/y);
  if (code) return `\\x{${code[1] ?? code[2] ?? code[3]}}`;
  const escaped = scanner.match(/\\[\s\S]/y);
  if (escaped) return escaped[0];
  return scanner.peek() === '[' ? readBrackets(scanner) : scanner.next();
}

function oneSided(pattern: string): HuntwireError {
  return new HuntwireError(
    'KQL_UNSUPPORTED',
    `The local engine does not support a boundary on one side in a regular expression that could be slow: "${pattern.slice(0, 200)}".`,
  );
}

/** A class as it is written, or where it is made of classes, as the ranges that it holds. */
function readBrackets(scanner: Scanner): string {
  const start = scanner.at;
  scanner.skip('[');
  try {
    const { isSet, source, wide } = readClass(scanner);
    return isSet ? rangesOf(wide ?? source) : scanner.text.slice(start, scanner.at);
  } catch {
    // What is no class is the matcher's to refuse.
    scanner.back(start + 1);
    return '[';
  }
}

function rangesOf(source: string): string {
  const matcher = new RegExp(`^${source}$`, 'v');
  let ranges = '';
  let since = -1;
  for (let code = 0; code <= LAST + 1; code += 1) {
    const isHeld = code <= LAST && matcher.test(String.fromCodePoint(code));
    if (isHeld && since < 0) since = code;
    if (isHeld || since < 0) continue;
    ranges += `\\x{${since.toString(16)}}-\\x{${(code - 1).toString(16)}}`;
    since = -1;
  }
  return ranges === '' ? `[^\\x{0}-\\x{${LAST.toString(16)}}]` : `[${ranges}]`;
}
