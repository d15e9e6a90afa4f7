/** A line of a YAML text, as far as it shows where it stands among others. */
export interface YamlLine {
  readonly text: string;
  readonly indent: number;
  /** Columns of the dashes in front of the content. */
  readonly dashes: readonly number[];
  readonly column: number;
  readonly content: string;
}

/** More lines above or below are not looked at. */
export const MOST_LINES = 20_000;
const KEY = /^(?:"([^"]*)"|'([^']*)'|([^\s"'{}[\],#&*!|>%@`][^:]*?|\*))\s*:(?:\s+(.*))?$/;
const DASH = /^-(?: +|$)/;
/** What stands further out in a line is no key that leads to another line. */
const LONGEST_HEAD = 1000;
const TEXT_HEAD = /^[|>][-+0-9]*\s*(?:#.*)?$/;

export function yamlLine(given: string): YamlLine {
  const text = given.replace(/\r$/, '').replace(/^\uFEFF/, ' ');
  const indent = /^ */.exec(text)?.[0].length ?? 0;
  const dashes: number[] = [];
  let column = indent;
  for (let dash = DASH.exec(text.slice(column)); dash && column < LONGEST_HEAD; dash = DASH.exec(text.slice(column))) {
    dashes.push(column);
    column += dash[0].length;
  }
  return { text, indent, dashes, column, content: text.slice(column) };
}

function keyed(content: string): RegExpExecArray | null {
  return KEY.exec(content.slice(0, LONGEST_HEAD));
}

function keyOf({ content }: YamlLine): string | null {
  const found = keyed(content);
  return found ? (found[1] ?? found[2] ?? found[3] ?? '') : null;
}

function endsDocument({ text }: YamlLine): boolean {
  return /^(?:---|\.\.\.)(?:\s|$)/.test(text);
}

interface Climb {
  readonly path: (string | number)[];
  column: number;
  /** Whether what was reached last is an item of a list. */
  isItem: boolean;
  isText: boolean;
}

/** The keys and lists, as 0, in which a line stands; null: it is part of a text of several lines. */
export function pathOfLine(above: readonly string[], head: YamlLine): readonly (string | number)[] | null {
  const climb: Climb = { path: [], column: head.column, isItem: false, isText: false };
  leaveDashes(climb, head.dashes);
  for (let index = above.length - 1; index >= 0 && (climb.column > 0 || climb.isItem); index -= 1) {
    const line = yamlLine(above[index] ?? '');
    if (endsDocument(line)) break;
    if (line.content !== '' && !line.content.startsWith('#')) climbOver(climb, line);
    if (climb.isText) return null;
  }
  return climb.path;
}

function leaveDashes(climb: Climb, dashes: readonly number[]): void {
  for (const dash of [...dashes].reverse()) {
    climb.path.unshift(0);
    climb.column = dash;
    climb.isItem = true;
  }
}

function climbOver(climb: Climb, line: YamlLine): void {
  const { column, isItem } = climb;
  const isSameMap = line.dashes.length > 0 && line.column === column && !isItem;
  if (isSameMap) {
    leaveDashes(climb, line.dashes);
    return;
  }
  const isOuter = line.column < column || (isItem && line.dashes.length === 0 && line.column === column);
  const key = isOuter ? keyOf(line) : null;
  if (key === null) return;
  climb.isText = TEXT_HEAD.test(keyed(line.content)?.[4] ?? '');
  climb.path.unshift(key);
  climb.column = line.column;
  climb.isItem = false;
  leaveDashes(climb, line.dashes);
}

/** Keys of the map that a line is part of, up to where it ends on both sides. */
export function keysBeside(text: string, lineStart: number, { column, dashes }: YamlLine): readonly string[] {
  const above = dashes.length > 0 ? [] : text.slice(0, lineStart).split('\n').slice(0, -1).reverse();
  const below = text.slice(lineStart).split('\n').slice(1);
  return [...keysUntil(above, column, true), ...keysUntil(below, column, false)];
}

function keysUntil(lines: readonly string[], column: number, isUpward: boolean): readonly string[] {
  const keys: string[] = [];
  for (const text of lines.slice(0, MOST_LINES)) {
    const line = yamlLine(text);
    if (line.text.trim() === '') continue;
    const isItem = line.dashes.length > 0 && line.column === column;
    const isOver = endsDocument(line) || (isItem ? !isUpward : line.indent < column);
    if (isOver) break;
    const key = line.column === column ? keyOf(line) : null;
    if (key !== null) keys.push(key);
    if (isItem) break;
  }
  return keys;
}
