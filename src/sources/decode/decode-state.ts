import { isAscii, isUtf8 } from 'node:buffer';
import { HuntwireError } from '../../lib/errors.ts';
import type { AnswerForm, MemberRole } from './answer-form.ts';
import { quoteLongIntegers } from './parse-lossless.ts';
import { RAW_FORM, type RowForm } from './row-form.ts';
import type { RowPattern } from './row-pattern.ts';
import { type Cut, createCut, resetCut } from './scan-json.ts';

/** A column as the service names it: the type is a .NET name such as `Int64`. */
export interface RawColumn {
  readonly name: string;
  readonly type: string;
}

/** A row as it came, with integers beyond 2^53 as strings. May have an own key `__proto__`. */
export type ServiceRow = Record<string, unknown>;

/** `schema` is called once, before the first row. */
export interface RawSink {
  schema(columns: readonly RawColumn[]): void;
  row(row: ServiceRow): void;
  /** What rows become before they are handed on, asked for behind the schema; they stay as they came where it is left out. */
  form?(): RowForm;
}

export interface DecodeLimits {
  readonly maxBytes: number;
  /** Rows handed on at most; the answer then counts as truncated. */
  readonly maxRows: number;
  readonly maxRowBytes: number;
  readonly maxDepth: number;
  /** Objects and arrays in one row, in the schema, or in another member: each takes many times the memory of its two bytes. */
  readonly maxContainers: number;
  readonly maxColumns: number;
  readonly maxSchemaBytes: number;
  /** Rows that come before the schema are held up to this many bytes. */
  readonly maxHeldBytes: number;
}

export type DecodeState =
  | 'start'
  | 'first-member'
  | 'member'
  | 'key'
  | 'colon'
  | 'value'
  | 'container'
  | 'string'
  | 'scalar'
  | 'after-value'
  | 'first-row'
  | 'next-row'
  | 'row'
  | 'after-row'
  | 'first-table'
  | 'next-table'
  | 'after-table'
  | 'end';

export interface Decoding {
  readonly limits: DecodeLimits;
  readonly sink: RawSink;
  readonly answer: AnswerForm;
  readonly cut: Cut;
  state: DecodeState;
  /** What the current member holds; `error`: it stands where a row should be. */
  member: MemberRole | 'error';
  /** Its name in lower case. */
  name: string;
  /** What the answer has told of itself beside its tables, and the current table; null: within none. */
  readonly told: Record<string, unknown>;
  table: Record<string, unknown> | null;
  /** Of the columns, where rows are lists of cells. */
  names: readonly string[];
  hasSchema: boolean;
  hasResults: boolean;
  rows: number;
  bytes: number;
  form: RowForm;
  /** Ways in which rows were written, the likeliest first (decode-alike.ts). */
  patterns: readonly RowPattern[];
  /** The one that the latest row of them followed. */
  pattern: RowPattern | null;
  /** One that the next row is known not to follow. */
  unlike: RowPattern | null;
  /** The next row is to be a pattern. */
  learns: boolean;
  /** How many rows may still be like none before: below 0 patterns are given up, for they cost more than they save. */
  credit: number;
  /** Whether rows may still be guessed many at a time (decode-batch.ts). */
  guesses: boolean;
  /** Whether integers beyond 2^53 were seen in a batch: they are looked for before parsing from then on. */
  longNumbers: boolean;
  /** Some bytes were no UTF-8 and became U+FFFD. */
  mangled: boolean;
  /** More than maxRows came: the rest of the body is not wanted. */
  full: boolean;
  held: Buffer[];
  heldBytes: number;
  /** Whether the current value is kept, where it starts in the current chunk, and its pieces of earlier chunks. */
  keeping: boolean;
  start: number;
  parts: Buffer[];
  partBytes: number;
}

/** So many rows may be like none before, in the beginning; each costs SURPRISE (decode-alike.ts). */
const FIRST_CREDIT = 128;

export function createDecoding(limits: DecodeLimits, sink: RawSink, answer: AnswerForm): Decoding {
  return {
    limits,
    sink,
    answer,
    cut: createCut(),
    state: 'start',
    member: 'other',
    name: '',
    told: Object.create(null) as Record<string, unknown>,
    table: null,
    names: [],
    hasSchema: false,
    hasResults: false,
    rows: 0,
    bytes: 0,
    form: RAW_FORM,
    patterns: [],
    pattern: null,
    unlike: null,
    learns: true,
    credit: FIRST_CREDIT,
    guesses: true,
    longNumbers: false,
    mangled: false,
    full: false,
    held: [],
    heldBytes: 0,
    keeping: false,
    start: 0,
    parts: [],
    partBytes: 0,
  };
}

export function invalid(reason: string, cause?: unknown): HuntwireError {
  return new HuntwireError(
    'SOURCE_RESPONSE_INVALID',
    `The answer is no complete query result: ${reason}. Nothing of it was used.`,
    { retryable: true, ...(cause === undefined ? {} : { cause }) },
  );
}

export function beginChunk(decoding: Decoding): void {
  decoding.start = 0;
}

/** Keeps what the chunk holds of an unfinished value. */
export function endChunk(decoding: Decoding, chunk: Buffer): void {
  if (!decoding.keeping) return;
  const part = chunk.subarray(decoding.start);
  decoding.parts.push(part);
  decoding.partBytes += part.length;
  checkSize(decoding, decoding.partBytes);
}

export function beginValue(decoding: Decoding, index: number, keep: boolean): void {
  resetCut(decoding.cut);
  decoding.keeping = keep;
  decoding.start = index;
}

/** The bytes of the value that ends before `end`. */
export function takeBytes(decoding: Decoding, chunk: Buffer, end: number): Buffer {
  const last = chunk.subarray(decoding.start, end);
  decoding.keeping = false;
  if (decoding.parts.length === 0) {
    checkSize(decoding, last.length);
    return last;
  }
  const whole = Buffer.concat([...decoding.parts, last]);
  decoding.parts = [];
  decoding.partBytes = 0;
  checkSize(decoding, whole.length);
  return whole;
}

/** The value that ends before `end`, parsed. */
export function takeValue(decoding: Decoding, chunk: Buffer, end: number): unknown {
  return parseBytes(decoding, takeBytes(decoding, chunk, end), decoding.cut.longNumber);
}

export function parseBytes(decoding: Decoding, bytes: Buffer, longNumber: boolean): unknown {
  const text = decodedText(decoding, bytes);
  try {
    return JSON.parse(longNumber ? quoteLongIntegers(bytes) : text);
  } catch (cause) {
    throw invalid('a part of it is not valid JSON', cause);
  }
}

/** The text of bytes. Takes note of bytes that are no UTF-8: what is decoded of them is not what was sent. */
export function decodedText(decoding: Decoding, bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (!decoding.mangled && !isUtf8(bytes)) decoding.mangled = true;
  return bytes.toString('utf8');
}

/** A row has ended, and the value that was kept with it. */
export function endRow(decoding: Decoding, end: number): number {
  decoding.keeping = false;
  decoding.state = 'after-row';
  return end;
}

/** What is being read, in words. */
export function partOf({ state, member, rows }: Decoding): string {
  if (state === 'row') return `row ${rows + 1}`;
  if (state === 'key') return 'its member name';
  return member === 'schema' ? 'its schema' : 'a member beside its rows';
}

function checkSize(decoding: Decoding, size: number): void {
  const { state, limits } = decoding;
  const most = state === 'row' ? limits.maxRowBytes : limits.maxSchemaBytes;
  if (size > most) throw invalid(`${partOf(decoding)} is larger than ${most} bytes`);
}
