import { Composer, type Document, isMap, isScalar, isSeq, Lexer, Parser, type Scalar } from 'yaml';
import { nestsDeeper } from './nesting.ts';
import { YAML_LIMITS } from './parse-yaml.ts';
import { type ScalarText, scalarText } from './scalar-text.ts';

/** A text value under a key, in a file that may be broken. */
export interface KeyedText extends ScalarText {
  readonly key: string;
  /** Of the file's documents, from 0. */
  readonly document: number;
}

const DEEPEST = 16;
const MOST_FOUND = 1000;

/** The text values under keys of these names, in their order, as far as the file can be read: while somebody writes it is broken most of the time. */
export function scalarsIn(source: string, isWanted: (key: string) => boolean): readonly KeyedText[] {
  const found: KeyedText[] = [];
  for (const [index, document] of documentsOf(source).entries()) {
    visit(document.contents, 0, (key, scalar) => {
      if (found.length >= MOST_FOUND || !isWanted(key)) return;
      found.push({ key, document: index, ...scalarText(source, scalar) });
    });
  }
  return found;
}

function documentsOf(source: string): readonly Document[] {
  const tokens = [...new Lexer().lex(source)];
  if (nestsDeeper(tokens, 2 * YAML_LIMITS.maxDepth)) return [];
  const parser = new Parser();
  const parsed = function* () {
    for (const token of tokens) yield* parser.next(token);
    yield* parser.end();
  };
  return [...new Composer({ intAsBigInt: true, prettyErrors: false, uniqueKeys: false }).compose(parsed())];
}

function visit(node: unknown, depth: number, tell: (key: string, scalar: Scalar) => void): void {
  if (depth > DEEPEST) return;
  if (isSeq(node)) for (const item of node.items) visit(item, depth + 1, tell);
  if (!isMap(node)) return;
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (isScalar(value) && (typeof value.value === 'string' || value.value === null)) tell(name, value);
    else visit(value, depth + 1, tell);
  }
}
