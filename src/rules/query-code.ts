/** String literals in all their forms, then comments; a literal that is not closed runs to the end of its line. */
const NOT_CODE = [
  /```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)/,
  /@"(?:[^"\r\n]|"")*"?|@'(?:[^'\r\n]|'')*'?/,
  /"(?:[^"\\\r\n]|\\.)*"?|'(?:[^'\\\r\n]|\\.)*'?/,
  /\/\/[^\r\n]*/,
];
const PATTERN = new RegExp(NOT_CODE.map((form) => form.source).join('|'), 'g');

/** A query with its string literals and comments blanked out; offsets stay what they are. */
export function queryCode(query: string): string {
  return query.replace(PATTERN, (text) => text.replace(/[^\r\n]/g, ' '));
}

/** The comments of a query, as offsets; a `//` inside a string literal is none. */
export function queryComments(query: string): readonly { readonly start: number; readonly end: number }[] {
  return [...query.matchAll(PATTERN)]
    .filter(([text]) => text.startsWith('//'))
    .map((match) => ({ start: match.index, end: match.index + match[0].length }));
}
