import { lineStartOf } from '../look/spans.ts';
import { writtenLine } from './written-line.ts';
import { keysBeside, MOST_LINES, pathOfLine, yamlLine } from './yaml-lines.ts';

/** What is being written at a place of a YAML text, told by its lines alone: while somebody writes, it is broken most of the time. */
export interface YamlPlace {
  /** Keys and, as 0, lists that lead to what is written: of a key that of the map that it is in. */
  readonly path: readonly (string | number)[];
  readonly part: 'key' | 'value';
  /** What is written of it in front of the cursor, without a quote, and where that begins. */
  readonly typed: string;
  readonly start: number;
  /** Keys that its map has already, as far as they are near. */
  readonly siblings: readonly string[];
}

/** Braces may go over several lines. */
const MOST_JOINED = 20;

/** Behind so many characters of a line nothing is looked for: some of it takes the square of them. */
const LONGEST_LINE = 10_000;

/** null: in a comment, in a text of several lines, or far out in a line. */
export function placeInYaml(text: string, offset: number): YamlPlace | null {
  const lineStart = lineStartOf(text, offset);
  if (offset - lineStart > LONGEST_LINE) return null;
  const above = text.slice(0, lineStart).split('\n').slice(0, -1).slice(-MOST_LINES);
  let from = lineStart;
  for (let joined = 0; joined < MOST_JOINED && /[,[{]\s*$/.test(above.at(-1) ?? ''); joined += 1)
    from -= (above.pop() ?? '').length + 1;
  const head = yamlLine(text.slice(from, offset));
  const written = writtenLine(head.content, from + head.column);
  const outer = written && pathOfLine(above, head);
  if (!written || !outer) return null;
  const { part, typed, start, depth, keys } = written;
  const siblings = depth === 0 && part === 'key' ? keysBeside(text, lineStart, head) : keys;
  return { path: [...outer, ...written.path], part, typed, start, siblings };
}
