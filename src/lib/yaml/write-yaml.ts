import { Document, isMap, isScalar, type Pair, Scalar } from 'yaml';

export interface YamlStyle {
  /** Keys of the first level whose text is written line by line (`|`), where that keeps it as it is. */
  readonly literal: readonly string[];
  /** Comments with their `#`, by the key of the first level that they stand before; under `''` those at the head. */
  readonly comments: ReadonlyMap<string, readonly string[]>;
}

/** What a block of lines would not give back as it was: other line ends, control characters, lines of blanks at the end. */
const NOT_LITERAL = /[^\P{Cc}\n\t]|[\u2028\u2029\ufeff]|\n[ \t]+\n*$|^\s*$/u;

/** A map as YAML 1.2 that reads back as the same map. Long lines are not broken. */
export function writeYaml(value: Readonly<Record<string, unknown>>, style: YamlStyle): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  const { contents } = document;
  if (isMap(contents)) for (const pair of contents.items) dress(pair, style);
  const head = style.comments.get('') ?? [];
  if (head.length > 0) document.commentBefore = commentText(head);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function dress(pair: Pair, { literal, comments }: YamlStyle): void {
  const { key, value } = pair;
  if (!isScalar(key)) return;
  const before = comments.get(String(key.value));
  if (before) key.commentBefore = commentText(before);
  if (!isScalar(value) || typeof value.value !== 'string') return;
  const isSafe = !NOT_LITERAL.test(value.value);
  if (literal.includes(String(key.value)) && isSafe) value.type = Scalar.BLOCK_LITERAL;
  else if (!isSafe) value.type = Scalar.QUOTE_DOUBLE;
}

/** The library puts the sign in front itself. */
function commentText(lines: readonly string[]): string {
  return lines.map((line) => line.replace(/^#/, '').trimEnd()).join('\n');
}
