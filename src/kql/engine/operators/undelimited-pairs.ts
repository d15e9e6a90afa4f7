/** A word, or whatever separates words. */
const WORD = /[\p{L}\p{N}_]+/uy;

interface Word {
  readonly text: string;
  readonly end: number;
}

/** The quoted text that opens at a position; null where it never closes. */
function readQuoted(text: string, at: number, close: string, escaping: string): Word | null {
  let result = '';
  for (let index = at + 1; index < text.length; index += 1) {
    if (text[index] === close) return { text: result, end: index + 1 };
    if (escaping !== '' && text[index] === escaping) index += 1;
    result += text[index] ?? '';
  }
  return null;
}

/** The next word or quoted text from a position on; everything else is a delimiter. */
function nextWord(text: string, from: number, quotes: readonly string[], escaping: string): Word | null {
  const [open, close = open ?? ''] = quotes;
  for (let at = from; at < text.length; at += 1) {
    const quoted = open !== undefined && text[at] === open ? readQuoted(text, at, close, escaping) : null;
    if (quoted) return quoted;
    WORD.lastIndex = at;
    const match = WORD.exec(text);
    if (match) return { text: match[0], end: at + match[0].length };
  }
  return null;
}

/** Pairs where no delimiters are given: each word with the word after it; the first of equal keys counts. */
export function undelimitedPairs(
  text: string,
  quotes: readonly string[],
  escaping: string,
): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  let key = nextWord(text, 0, quotes, escaping);
  while (key) {
    const value = nextWord(text, key.end, quotes, escaping);
    if (value && !pairs.has(key.text)) pairs.set(key.text, value.text);
    key = value;
  }
  return pairs;
}
