interface Nesting {
  flow: number;
  /** Columns at which the open block collections begin, outermost first. */
  readonly columns: number[];
  column: number;
  atLineStart: boolean;
}

const INDICATORS = new Set(['-', '?', ':']);

/**
 * Whether collections are nested deeper than `limit`, by an upper bound: a block level counts twice. `tokens` are the lexer's. The YAML parser recurses once a level and dies
 * with the process when the stack runs out, so this is asked before it sees the text.
 */
export function nestsDeeper(tokens: Iterable<string>, limit: number): boolean {
  const nesting: Nesting = { flow: 0, columns: [], column: 0, atLineStart: true };
  for (const token of tokens) {
    step(nesting, token);
    if (nesting.flow + nesting.columns.length > limit) return true;
  }
  return false;
}

function step(nesting: Nesting, token: string): void {
  if (token.endsWith('\n')) {
    nesting.column = 0;
    nesting.atLineStart = true;
    return;
  }
  if (/^[ \t]/.test(token)) {
    nesting.column += token.length;
    return;
  }
  if (token === '[' || token === '{') nesting.flow += 1;
  if (token === ']' || token === '}') nesting.flow = Math.max(0, nesting.flow - 1);
  if (nesting.flow === 0) stepBlock(nesting, token);
  nesting.column += token.length;
}

/** A collection may begin with each line, and behind each indicator of the same line. */
function stepBlock(nesting: Nesting, token: string): void {
  if (!nesting.atLineStart && !INDICATORS.has(token)) return;
  const { columns, column } = nesting;
  while ((columns.at(-1) ?? -1) >= column) columns.pop();
  columns.push(column);
  nesting.atLineStart = INDICATORS.has(token);
}
