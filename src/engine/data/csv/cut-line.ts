import type { TextPool } from '../text-pool.ts';

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;

/** Where the cells of one line of CSV stand: `starts` and `ends` of its `count` cells, without their quotes. */
export interface LineCells {
  count: number;
  readonly starts: number[];
  readonly ends: number[];
  /** 0: not quoted; 1: quoted; 2: quoted, with doubled quotes inside; 3: a quoted part and more behind it. */
  readonly quoting: number[];
}

export function createLineCells(): LineCells {
  return { count: 0, starts: [], ends: [], quoting: [] };
}

/** Cuts the line at `start` (RFC 4180, any separator) and gives the offset behind it; -1 where the bytes end first. A quote counts at the start of a cell. */
export function cutLine(bytes: Buffer, start: number, separator: number, cells: LineCells): number {
  cells.count = 0;
  let at = start;
  for (;;) {
    const end =
      bytes[at] === QUOTE ? cutQuoted(bytes, at, separator, cells) : cutPlain(bytes, at, at, separator, 0, cells);
    if (end < 0) return -1;
    if (bytes[end] === separator) {
      at = end + 1;
      continue;
    }
    if (bytes[end] === LINE_FEED) return end + 1;
    if (end + 1 >= bytes.length) return -1;
    return bytes[end + 1] === LINE_FEED ? end + 2 : end + 1;
  }
}

function cutPlain(
  bytes: Buffer,
  start: number,
  from: number,
  separator: number,
  quoting: number,
  cells: LineCells,
): number {
  let at = from;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === separator || byte === LINE_FEED || byte === RETURN) {
      add(cells, start, at, quoting);
      return at;
    }
  }
  return -1;
}

function cutQuoted(bytes: Buffer, start: number, separator: number, cells: LineCells): number {
  let quoting = 1;
  let close = bytes.indexOf(QUOTE, start + 1);
  while (close >= 0 && bytes[close + 1] === QUOTE) {
    quoting = 2;
    close = bytes.indexOf(QUOTE, close + 2);
  }
  const after = close < 0 ? undefined : bytes[close + 1];
  if (after === undefined) return -1;
  if (after !== separator && after !== LINE_FEED && after !== RETURN)
    return cutPlain(bytes, start, close + 1, separator, 3, cells);
  add(cells, start + 1, close, quoting);
  return close + 1;
}

function add(cells: LineCells, start: number, end: number, quoting: number): void {
  cells.starts[cells.count] = start;
  cells.ends[cells.count] = end;
  cells.quoting[cells.count] = quoting;
  cells.count += 1;
}

/** The text of a cell. What stands behind a closing quote belongs to it. */
export function textOfCell(bytes: Buffer, cells: LineCells, index: number, pool: TextPool): string {
  const [start = 0, end = 0, quoting = 0] = [cells.starts[index], cells.ends[index], cells.quoting[index]];
  const text = pool.text(bytes, start, end);
  if (quoting < 2) return text;
  if (quoting === 2) return text.replaceAll('""', '"');
  const close = /^"((?:[^"]|"")*)"/.exec(text);
  return close ? `${(close[1] ?? '').replaceAll('""', '"')}${text.slice(close[0].length)}` : text;
}
