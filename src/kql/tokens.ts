export type KqlTokenKind = 'word' | 'text' | 'number' | 'mark';

/** A word, a text literal with its quotes, a number, or one character of punctuation; comments and white space are left out. */
export interface KqlToken {
  readonly kind: KqlTokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const FORMS = [
  /(?<space>\s+|\/\/[^\r\n]*)/,
  /(?<text>[hH]?```[\s\S]*?(?:```|$)|[hH]?~~~[\s\S]*?(?:~~~|$)|[hH]?@"(?:[^"\r\n]|"")*"?|[hH]?@'(?:[^'\r\n]|'')*'?|[hH]?"(?:[^"\\\r\n]|\\.)*"?|[hH]?'(?:[^'\\\r\n]|\\.)*'?)/,
  /(?<word>[A-Za-z_]\w*)/,
  /(?<number>\d\w*(?:\.\d\w*)?)/,
  /(?<mark>[\s\S])/,
];
const TOKEN = new RegExp(FORMS.map(({ source }) => source).join('|'), 'g');

/** The tokens of a query, whatever it says: a text that is not closed ends with its line. Linear in its length. */
export function kqlTokens(query: string): readonly KqlToken[] {
  const tokens: KqlToken[] = [];
  for (const { 0: text, index, groups = {} } of query.matchAll(TOKEN)) {
    if (groups.space !== undefined) continue;
    const kind = KINDS.find((one) => groups[one] !== undefined) ?? 'mark';
    tokens.push({ kind, text, start: index, end: index + text.length });
  }
  return tokens;
}

const KINDS: readonly KqlTokenKind[] = ['word', 'text', 'number', 'mark'];
