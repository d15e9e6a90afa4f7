/** Reads the pairs of a text; the first of equal keys counts. */
export type PairReader = (text: string) => ReadonlyMap<string, string>;

export interface Quoting {
  /** Each one character for both ends, or an opening and a closing one. */
  readonly quotes: readonly string[];
  readonly escapes: readonly string[];
}

export interface Delimiters extends Quoting {
  readonly pair: string;
  readonly assign: string;
  /** Whether a value goes on until the next key. */
  readonly greedy: boolean;
}

interface Position {
  readonly text: string;
  at: number;
}

/** Pairs with known delimiters; white space around keys and values does not count. */
export function delimitedReader(delimiters: Delimiters): PairReader {
  return (text) => {
    const pairs = new Map<string, string>();
    const position: Position = { text, at: 0 };
    while (position.at < text.length) readPair(position, delimiters, pairs);
    return pairs;
  };
}

function readPair(position: Position, delimiters: Delimiters, pairs: Map<string, string>): void {
  const { text } = position;
  const key = readPart(
    position,
    delimiters,
    delimiters.greedy ? [delimiters.assign] : [delimiters.assign, delimiters.pair],
  );
  if (!text.startsWith(delimiters.assign, position.at)) {
    position.at += Math.max(1, delimiters.pair.length);
    return;
  }
  position.at += delimiters.assign.length;
  const value = delimiters.greedy
    ? readGreedy(position, delimiters)
    : readPart(position, delimiters, [delimiters.pair]);
  position.at += delimiters.pair.length;
  if (key !== '' && !pairs.has(key)) pairs.set(key, value);
}

/** A quoted text, or all up to the nearest of the delimiters. */
function readPart(position: Position, quoting: Quoting, ends: readonly string[]): string {
  const { text } = position;
  const start = position.at;
  skipSpace(position, ends);
  const quoted = readQuoted(position, quoting);
  if (quoted !== null) return quoted;
  const found = ends.map((end) => text.indexOf(end, position.at)).filter((at) => at >= 0);
  position.at = found.length > 0 ? Math.min(...found) : text.length;
  return text.slice(start, position.at).trim();
}

/** White space in front of a value, unless it is itself a delimiter. */
function skipSpace(position: Position, ends: readonly string[]): void {
  const { text } = position;
  while (/\s/.test(text[position.at] ?? '') && !ends.some((end) => text.startsWith(end, position.at))) position.at += 1;
}

function readQuoted(position: Position, { quotes, escapes }: Quoting): string | null {
  const { text } = position;
  const quote = quotes.find((one) => one[0] === text[position.at]);
  if (quote === undefined) return null;
  const close = quote[1] ?? quote[0];
  let result = '';
  position.at += 1;
  while (position.at < text.length && text[position.at] !== close) {
    if (escapes.includes(text[position.at] ?? '')) position.at += 1;
    result += text[position.at] ?? '';
    position.at += 1;
  }
  position.at += 1;
  return result;
}

/** Up to the pair delimiter before the next key. */
function readGreedy(position: Position, delimiters: Delimiters): string {
  const { text } = position;
  skipSpace(position, [delimiters.pair]);
  const quoted = readQuoted(position, delimiters);
  if (quoted !== null) return quoted;
  const start = position.at;
  const next = text.indexOf(delimiters.assign, start);
  const end = next < 0 ? -1 : text.lastIndexOf(delimiters.pair, next);
  position.at = next < 0 ? text.length : Math.max(start, end);
  return text.slice(start, position.at).trim();
}

const WORD = /[\p{L}\p{N}_]/u;

/** Without delimiters: every character that is no letter, digit or underscore separates; the word behind a wanted key is its value. */
export function looseReader(keys: readonly string[], quoting: Quoting): PairReader {
  const wanted = new Set(keys);
  return (text) => {
    const pairs = new Map<string, string>();
    const position: Position = { text, at: 0 };
    while (position.at < text.length) {
      const key = readWord(position, quoting);
      if (wanted.has(key) && !pairs.has(key)) pairs.set(key, readWord(position, quoting));
    }
    return pairs;
  };
}

function readWord(position: Position, quoting: Quoting): string {
  const { text } = position;
  const isQuote = (): boolean => quoting.quotes.some((one) => one[0] === text[position.at]);
  while (position.at < text.length && !WORD.test(text[position.at] ?? '') && !isQuote()) position.at += 1;
  const quoted = readQuoted(position, quoting);
  if (quoted !== null) return quoted;
  const start = position.at;
  while (position.at < text.length && WORD.test(text[position.at] ?? '')) position.at += 1;
  return text.slice(start, position.at);
}
