import type { QuerySpot } from '../look/query-spot.ts';

/** Kinds of words that an editor colors, in the order of their numbers. */
export const TOKEN_KINDS = [
  'comment',
  'number',
  'string',
  'type',
  'property',
  'class',
  'function',
  'parameter',
  'variable',
  'operator',
  'keyword',
] as const;

const KINDS: Readonly<Record<string, (typeof TOKEN_KINDS)[number]>> = {
  Comment: 'comment',
  Directive: 'comment',
  Literal: 'number',
  StringLiteral: 'string',
  Type: 'type',
  Column: 'property',
  SchemaMember: 'property',
  Table: 'class',
  MaterializedView: 'class',
  Database: 'class',
  Function: 'function',
  Parameter: 'parameter',
  ClientParameter: 'parameter',
  QueryParameter: 'parameter',
  SignatureParameter: 'parameter',
  Variable: 'variable',
  ScalarOperator: 'operator',
  MathOperator: 'operator',
  QueryOperator: 'keyword',
  Command: 'keyword',
  Keyword: 'keyword',
  Option: 'keyword',
};

interface Token {
  readonly line: number;
  readonly character: number;
  readonly length: number;
  readonly kind: number;
}

/** The words of the queries of a file as the protocol writes them: each by its distance from the one before. */
export function queryTokens(spots: readonly QuerySpot[]): readonly number[] {
  const tokens = spots.flatMap(tokensOf).sort((a, b) => a.line - b.line || a.character - b.character);
  let [line, character] = [0, 0];
  return tokens.flatMap((token) => {
    const isSameLine = token.line === line;
    const numbers = [
      token.line - line,
      isSameLine ? token.character - character : token.character,
      token.length,
      token.kind,
      0,
    ];
    [line, character] = [token.line, token.character];
    return numbers;
  });
}

function tokensOf({ view, base, query, lined }: QuerySpot): readonly Token[] {
  return view.classify().flatMap(({ kind, start, end }) => {
    const name = KINDS[kind];
    if (name === undefined || start < base) return [];
    return linesIn(query.text, start - base, end - base).flatMap((piece): readonly Token[] => {
      const [from, to] = [query.toSource(piece.start), query.toSource(piece.end - 1) + 1];
      const at = lined.positionAt(from);
      // A word that YAML breaks over lines is none that can be colored.
      if (lined.positionAt(to).line !== at.line) return [];
      return [{ ...at, length: to - from, kind: TOKEN_KINDS.indexOf(name) }];
    });
  });
}

/** A token ends with its line. */
function linesIn(
  text: string,
  start: number,
  end: number,
): readonly { readonly start: number; readonly end: number }[] {
  const pieces: { start: number; end: number }[] = [];
  let from = start;
  for (const line of text.slice(start, end).split('\n')) {
    const length = line.replace(/\r$/, '').length;
    if (length > 0) pieces.push({ start: from, end: from + length });
    from += line.length + 1;
  }
  return pieces;
}
