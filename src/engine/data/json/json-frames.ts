import type { FileReading } from '../file-reading.ts';
import { ANSWER_MEMBERS, isAnswer, isFrame, memberAt, ROW_LISTS, rowHead } from './answer-shape.ts';
import { answerColumns, type DeclaredColumn } from './declared-columns.ts';
import type { RecordTaker } from './record-taker.ts';
import { BYTE, Malformed, skipValue } from './scan-value.ts';

/**
 * Where in a document the reader is. `records`: in a list of rows, or at the top, where rows follow one another; `envelope`: among the
 * members of an answer; `tables`: in the list of an answer's tables, of which the first holds the rows.
 */
type Frame =
  | {
      readonly kind: 'records';
      readonly top: boolean;
      readonly plain: boolean;
      readonly columns: readonly DeclaredColumn[] | null;
      readonly ignored: boolean;
    }
  | {
      readonly kind: 'envelope';
      /** Whether it may have members that are not known: tables of an answer have. */
      readonly free: boolean;
      columns: readonly DeclaredColumn[] | null;
      ignored: boolean;
    }
  | { readonly kind: 'tables'; seen: number };

/** Finds the records of JSON Lines, of lists, and of the answers of the hunting APIs, of Log Analytics, of Kusto and our own. */
export interface JsonFrames {
  /** Takes the complete records of the bytes; gives how many bytes are done with. */
  feed(bytes: Buffer): number;
  /** Whether nothing is open. */
  isComplete(): boolean;
}

/** White space, a comma, and the record separator of JSON text sequences. */
const BETWEEN: ReadonlySet<number> = new Set([0x20, 0x0a, 0x0d, 0x09, BYTE.comma, 0x1e]);

export function createJsonFrames(taker: RecordTaker, reading: FileReading): JsonFrames {
  const top: Frame = { kind: 'records', top: true, plain: false, columns: null, ignored: false };
  const frames: Frame[] = [top];
  const rows: KnownRows = { head: Buffer.alloc(0) };
  const step = (bytes: Buffer, at: number): number => {
    const frame = frames.at(-1) ?? top;
    const next = skipBetween(bytes, at);
    if (next >= bytes.length) return -1;
    if (isEnd(frame, bytes[next])) {
      frames.pop();
      return next + 1;
    }
    if (frame.kind === 'envelope') return stepEnvelope(bytes, next, frame, frames, reading);
    return frame.kind === 'tables'
      ? stepTables(bytes, next, frame, frames)
      : stepRecords(bytes, next, frame, { frames, taker, rows });
  };
  return {
    feed(bytes) {
      let at = 0;
      for (let next = step(bytes, 0); next >= 0; next = step(bytes, next)) at = next;
      return at;
    },
    isComplete: () => frames.length === 1,
  };
}

function skipBetween(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && BETWEEN.has(bytes[at] as number)) at += 1;
  return at;
}

function isEnd(frame: Frame, byte: number | undefined): boolean {
  if (frame.kind === 'envelope') return byte === BYTE.closeObject;
  return byte === BYTE.closeList && !(frame.kind === 'records' && frame.top);
}

type RecordsFrame = Extract<Frame, { kind: 'records' }>;

interface Document {
  readonly frames: Frame[];
  readonly taker: RecordTaker;
  readonly rows: KnownRows;
}

/** What the latest row began with, as far as it tells that it is no answer; most rows of a file begin alike. */
interface KnownRows {
  head: Buffer;
}

function stepRecords(bytes: Buffer, at: number, frame: RecordsFrame, { frames, taker, rows }: Document): number {
  if (frame.ignored) return skipValue(bytes, at);
  if (bytes[at] === BYTE.openList) {
    if (frame.columns) return taker.list(bytes, at, frame.columns);
    if (!frame.top) throw new Malformed(at, 'it is a list, and no columns are named before it');
    frames.push({ kind: 'records', top: false, plain: false, columns: null, ignored: false });
    return at + 1;
  }
  if (bytes[at] !== BYTE.openObject) throw new Malformed(at, 'it is no JSON object');
  if (frame.plain || beginsWith(bytes, at, rows.head)) return taker.object(bytes, at);
  const answer = isAnswer(bytes, at);
  if (answer === null) return -1;
  if (!answer) {
    rows.head = rowHead(bytes, at);
    return taker.object(bytes, at);
  }
  frames.push({ kind: 'envelope', free: isFrame(bytes, at), columns: null, ignored: false });
  return at + 1;
}

function beginsWith(bytes: Buffer, at: number, head: Buffer): boolean {
  if (head.length === 0 || at + head.length > bytes.length) return false;
  for (let index = 0; index < head.length; index += 1) if (bytes[at + index] !== head[index]) return false;
  return true;
}

function stepTables(bytes: Buffer, at: number, frame: Extract<Frame, { kind: 'tables' }>, frames: Frame[]): number {
  if (bytes[at] !== BYTE.openObject) throw new Malformed(at, 'a table of the answer is no object');
  frames.push({ kind: 'envelope', free: true, columns: null, ignored: frame.seen > 0 });
  frame.seen += 1;
  return at + 1;
}

function stepEnvelope(
  bytes: Buffer,
  at: number,
  frame: Extract<Frame, { kind: 'envelope' }>,
  frames: Frame[],
  reading: FileReading,
): number {
  const member = memberAt(bytes, at);
  if (!member) return -1;
  const { name, value } = member;
  if (!frame.free && frame.columns === null && !ANSWER_MEMBERS.has(name))
    throw new Malformed(at, `it looked like an answer around rows, and has a member "${member.exact}"`);
  if (ROW_LISTS.has(name) && bytes[value] === BYTE.openList) {
    frames.push(name === 'tables' ? { kind: 'tables', seen: 0 } : rowsOf(frame));
    return value + 1;
  }
  const end = skipValue(bytes, value);
  if (end < 0) return -1;
  const text = (): string => bytes.toString('utf8', value, end);
  if (name === 'tablekind') frame.ignored = text() !== '"PrimaryResult"';
  if ((name === 'columns' || name === 'schema') && !frame.ignored) declare(frame, answerColumns(text()), reading);
  return end;
}

function rowsOf({ columns, ignored }: Extract<Frame, { kind: 'envelope' }>): Frame {
  return { kind: 'records', top: false, plain: true, columns, ignored };
}

function declare(
  frame: { columns: readonly DeclaredColumn[] | null },
  columns: readonly DeclaredColumn[] | null,
  reading: FileReading,
): void {
  frame.columns = columns;
  for (const { name, type } of columns ?? []) if (type) reading.declared.set(name, type);
}
