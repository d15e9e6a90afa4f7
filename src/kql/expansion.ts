/** Comments, texts in any of their forms, names, and what ends or encloses a statement. */
const TOKEN =
  /\/\/[^\n]*|[hH]?@"(?:[^"]|"")*"?|[hH]?@'(?:[^']|'')*'?|[hH]?"(?:\\.|[^"\\\n])*"?|[hH]?'(?:\\.|[^'\\\n])*'?|[A-Za-z_]\w*|[;{}]/g;

interface Declared {
  readonly name: string;
  readonly depth: number;
  uses: number;
}

/**
 * How many declarations a query stands for once each use of a `let` is replaced by what it declares, by an upper bound: a parser that
 * analyzes a function anew for each call takes that long. `let b = union a, a; let c = union b, b; …` doubles it with every line.
 */
export function expansionOf(text: string): number {
  const weights = new Map<string, number>();
  const open: Declared[] = [{ name: '', depth: 0, uses: 0 }];
  let depth = 0;
  let isName = false;
  for (const [token] of text.matchAll(TOKEN)) {
    const within = open.at(-1);
    if (isName) {
      open.push({ name: token, depth, uses: 1 });
      isName = false;
    } else if (token === 'let') isName = true;
    else if (token === '{') depth += 1;
    else if (token === '}') depth -= 1;
    else if (token === ';') close(open, depth, weights);
    else if (within) within.uses += weights.get(token) ?? 0;
  }
  close(open, Number.NEGATIVE_INFINITY, weights);
  return open[0]?.uses ?? 0;
}

/** Ends the declarations that were begun at this depth or below; what they hold is part of what they stand in. */
function close(open: Declared[], depth: number, weights: Map<string, number>): void {
  for (let last = open.at(-1); last && open.length > 1 && last.depth >= depth; last = open.at(-1)) {
    open.pop();
    weights.set(last.name, last.uses);
    const around = open.at(-1);
    if (around && around.depth < last.depth) around.uses += last.uses;
  }
}
