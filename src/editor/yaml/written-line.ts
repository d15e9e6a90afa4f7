/** What is being written at the end of a line: a key or a value, within braces and brackets or not. */
export interface WrittenLine {
  readonly path: readonly (string | number)[];
  readonly part: 'key' | 'value';
  readonly typed: string;
  readonly start: number;
  /** How many braces and brackets are open. */
  readonly depth: number;
  /** Keys of the same map within the line. */
  readonly keys: readonly string[];
}

interface Frame {
  readonly open: '' | '{' | '[';
  key: string | null;
  readonly keys: string[];
}

interface Scan {
  readonly content: string;
  readonly frames: Frame[];
  at: number;
  /** Where what is written began. */
  start: number;
  isOver: boolean;
  isComment: boolean;
}

/** null: it is a comment. `base` is where the content begins in the file. */
export function writtenLine(content: string, base: number): WrittenLine | null {
  const scan: Scan = { content, frames: [newFrame('')], at: 0, start: 0, isOver: false, isComment: false };
  for (; scan.at < content.length && !scan.isOver; scan.at += 1) step(scan);
  return scan.isComment ? null : writtenOf(scan, base);
}

function newFrame(open: Frame['open']): Frame {
  return { open, key: null, keys: [] };
}

function step(scan: Scan): void {
  const { content, at, start } = scan;
  const char = content[at] ?? '';
  const isFirst = content.slice(start, at).trim() === '';
  if (isFirst && (char === '"' || char === "'")) skipText(scan);
  else if (isFirst && (char === '{' || char === '[')) enter(scan, char);
  else if (char === '#' && (at === 0 || /\s/.test(content[at - 1] ?? ''))) {
    scan.isComment = true;
    scan.isOver = true;
  } else stepWithin(scan, char);
}

function stepWithin(scan: Scan, char: string): void {
  const { content, at, start, frames } = scan;
  const frame = frames.at(-1);
  if (!frame) return;
  if ((char === '}' || char === ']') && frames.length > 1) {
    frames.pop();
    scan.start = at + 1;
  } else if (char === ',' && frame.open !== '') {
    frame.key = null;
    scan.start = at + 1;
  } else if (char === ':' && frame.key === null && frame.open !== '[' && /^(?:\s|$)/.test(content.slice(at + 1))) {
    frame.key = bareKey(content.slice(start, at));
    frame.keys.push(frame.key);
    scan.start = at + 1;
  }
}

function enter(scan: Scan, open: '{' | '['): void {
  scan.frames.push(newFrame(open));
  scan.start = scan.at + 1;
}

/** A text that is not closed is what is being written. */
function skipText(scan: Scan): void {
  const quote = scan.content[scan.at];
  for (let end = scan.at + 1; end < scan.content.length; end += 1) {
    if (scan.content[end] === '\\' && quote === '"') end += 1;
    else if (scan.content[end] === quote) {
      scan.at = end;
      return;
    }
  }
  scan.isOver = true;
}

function bareKey(key: string): string {
  return key.trim().replace(/^(["'])(.*)\1$/, '$2');
}

function writtenOf({ content, frames, start }: Scan, base: number): WrittenLine {
  const blank = /^\s*["']?/.exec(content.slice(start))?.[0].length ?? 0;
  const last = frames.at(-1);
  const path = frames.flatMap(({ open, key }): readonly (string | number)[] => {
    if (open === '[') return [0];
    return key === null ? [] : [key];
  });
  return {
    path,
    part: last?.open === '[' || last?.key !== null ? 'value' : 'key',
    typed: content.slice(start + blank),
    start: base + start + blank,
    depth: frames.length - 1,
    keys: last?.keys ?? [],
  };
}
