import { learnRow, takeAlike } from './decode-alike.ts';
import { takeBatch } from './decode-batch.ts';
import { schemaColumns } from './decode-columns.ts';
import {
  beginValue,
  type DecodeState,
  type Decoding,
  endRow,
  invalid,
  parseBytes,
  partOf,
  takeBytes,
  takeValue,
} from './decode-state.ts';
import { beginTable, endMembers, endTables, memberRole, noteArray, tellMember } from './decode-tables.ts';
import { cellNames, rowOf } from './row-cells.ts';
import { isBlankByte, markBytes, QUOTE, scanContainer, scanString } from './scan-json.ts';

/** One step of the decoder: consumes bytes of the chunk from `index` on, may change the state, returns the next index. */
type Step = (decoding: Decoding, chunk: Buffer, index: number) => number;

const OBJECT = 0x7b;
const OBJECT_END = 0x7d;
const ARRAY = 0x5b;
const ARRAY_END = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const MARKUP = 0x3c;
/** Bytes of numbers, true, false and null. */
const WORD = markBytes('0123456789+-.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ');

const STRUCTURE: Readonly<Partial<Record<DecodeState, (decoding: Decoding, byte: number, index: number) => boolean>>> =
  {
    start: (decoding, byte) =>
      byte === OBJECT
        ? enter(decoding, 'first-member')
        : decoding.answer.isList && byte === ARRAY && enter(decoding, 'first-table'),
    'first-member': (decoding, byte, index) =>
      byte === OBJECT_END ? enter(decoding, endMembers(decoding)) : byte === QUOTE && beginKey(decoding, index),
    member: (decoding, byte, index) => byte === QUOTE && beginKey(decoding, index),
    colon: (decoding, byte) => byte === COLON && enter(decoding, 'value'),
    value: beginMember,
    'after-value': (decoding, byte) =>
      byte === COMMA ? enter(decoding, 'member') : byte === OBJECT_END && enter(decoding, endMembers(decoding)),
    'first-row': (decoding, byte, index) =>
      byte === ARRAY_END ? enter(decoding, 'after-value') : beginRow(decoding, byte, index),
    'next-row': beginRow,
    'after-row': (decoding, byte) =>
      byte === COMMA ? enter(decoding, 'next-row') : byte === ARRAY_END && enter(decoding, 'after-value'),
    'first-table': (decoding, byte) =>
      byte === ARRAY_END ? enter(decoding, endTables(decoding)) : byte === OBJECT && beginTable(decoding),
    'next-table': (decoding, byte) => byte === OBJECT && beginTable(decoding),
    'after-table': (decoding, byte) =>
      byte === COMMA ? enter(decoding, 'next-table') : byte === ARRAY_END && enter(decoding, endTables(decoding)),
    end: () => false,
  };

const CONTENT: Readonly<Partial<Record<DecodeState, Step>>> = {
  key: readKey,
  container: readContainer,
  string: readString,
  scalar: readScalar,
  row: readRow,
};

/** Takes one chunk through the state machine, as far as rows are wanted. */
export function scanChunk(decoding: Decoding, chunk: Buffer): void {
  let index = 0;
  while (index < chunk.length && !decoding.full) {
    const content = CONTENT[decoding.state];
    if (content) {
      index = content(decoding, chunk, index);
      continue;
    }
    const byte = chunk[index] as number;
    if (!isBlank(byte, decoding) && !STRUCTURE[decoding.state]?.(decoding, byte, index))
      throw unexpected(decoding, byte);
    if (needsNext(decoding)) index++;
  }
}

/** Rows, containers and scalars begin with the byte that was just looked at; all else lies behind it. */
function needsNext(decoding: Decoding): boolean {
  return decoding.state !== 'row' && decoding.state !== 'container' && decoding.state !== 'scalar';
}

function enter(decoding: Decoding, state: DecodeState): true {
  decoding.state = state;
  return true;
}

function isBlank(byte: number, decoding: Decoding): boolean {
  if (isBlankByte(byte)) return true;
  return decoding.state === 'start' && (byte === 0xef || byte === 0xbb || byte === 0xbf);
}

function unexpected(decoding: Decoding, byte: number): Error {
  const { state, answer } = decoding;
  if (state === 'start')
    return invalid(byte === MARKUP ? 'it is a web page, maybe from a proxy' : 'it is no JSON object');
  if (state.endsWith('row'))
    return invalid(`its results are not an array of ${answer.hasCells ? 'arrays' : 'objects'}`);
  if (state === 'value') return invalid(`its ${decoding.member} are no array`);
  return invalid('its JSON is malformed');
}

function beginKey(decoding: Decoding, index: number): true {
  beginValue(decoding, index, true);
  return enter(decoding, 'key');
}

function beginRow(decoding: Decoding, byte: number, index: number): boolean {
  const { hasCells } = decoding.answer;
  if (byte === (hasCells ? ARRAY : OBJECT)) {
    beginValue(decoding, index, true);
    return enter(decoding, 'row');
  }
  if (byte !== OBJECT) return false;
  decoding.member = 'error';
  beginValue(decoding, index, true);
  return enter(decoding, 'container');
}

function readKey(decoding: Decoding, chunk: Buffer, index: number): number {
  const end = scanString(decoding.cut, chunk, index);
  if (end < 0) return chunk.length;
  const name = parseBytes(decoding, takeBytes(decoding, chunk, end), false);
  decoding.name = String(name).toLowerCase();
  decoding.member = memberRole(decoding);
  decoding.state = 'colon';
  return end;
}

function beginMember(decoding: Decoding, byte: number, index: number): boolean {
  if (decoding.member !== 'other' && decoding.member !== 'told') return beginArray(decoding, byte, index);
  // Nobody wants it, but what is no JSON there is no answer of the service.
  beginValue(decoding, index, true);
  if (byte === OBJECT || byte === ARRAY) return enter(decoding, 'container');
  if (byte === QUOTE) return enter(decoding, 'string');
  return isWord(byte) && enter(decoding, 'scalar');
}

function beginArray(decoding: Decoding, byte: number, index: number): boolean {
  if (byte !== ARRAY) return false;
  noteArray(decoding);
  if (decoding.member === 'tables') return enter(decoding, 'first-table');
  if (decoding.member === 'results') return enter(decoding, 'first-row');
  beginValue(decoding, index, true);
  return enter(decoding, 'container');
}

function readContainer(decoding: Decoding, chunk: Buffer, index: number): number {
  const end = scanContainer(decoding.cut, chunk, index);
  checkShape(decoding);
  if (end < 0) return chunk.length;
  const value = takeValue(decoding, chunk, end);
  if (decoding.member === 'schema') tellSchema(decoding, value);
  else tellMember(decoding, value);
  decoding.state = 'after-value';
  return end;
}

function readString(decoding: Decoding, chunk: Buffer, index: number): number {
  const end = scanString(decoding.cut, chunk, index);
  if (end < 0) return chunk.length;
  tellMember(decoding, takeValue(decoding, chunk, end));
  decoding.state = 'after-value';
  return end;
}

function readScalar(decoding: Decoding, chunk: Buffer, index: number): number {
  if (isWord(chunk[index] as number)) return index + 1;
  tellMember(decoding, takeValue(decoding, chunk, index));
  decoding.state = 'after-value';
  return index;
}

function isWord(byte: number): boolean {
  return WORD[byte] === 1;
}

function readRow(decoding: Decoding, chunk: Buffer, index: number): number {
  if (decoding.cut.depth !== 0 || !decoding.hasSchema) return scanRow(decoding, chunk, index);
  if (decoding.credit >= 0) {
    const taken = takeAlike(decoding, chunk, index);
    return decoding.state === 'row' ? scanRow(decoding, chunk, taken) : taken;
  }
  const batchEnd = decoding.guesses ? takeBatch(decoding, chunk, index) : -1;
  return batchEnd > 0 ? endRow(decoding, batchEnd) : scanRow(decoding, chunk, index);
}

function scanRow(decoding: Decoding, chunk: Buffer, index: number): number {
  const end = scanContainer(decoding.cut, chunk, index);
  checkShape(decoding);
  if (end < 0) return chunk.length;
  if (decoding.rows === decoding.limits.maxRows) decoding.full = true;
  else if (decoding.hasSchema) tellRow(decoding, takeBytes(decoding, chunk, end));
  else holdRow(decoding, takeBytes(decoding, chunk, end));
  return endRow(decoding, end);
}

function tellRow(decoding: Decoding, bytes: Buffer): void {
  const raw = rowOf(decoding, parseBytes(decoding, bytes, decoding.cut.longNumber));
  const row = decoding.form.normalize(raw);
  if (decoding.learns && decoding.credit >= 0) learnRow(decoding, bytes, row);
  decoding.rows++;
  decoding.sink.row(row);
}

function holdRow(decoding: Decoding, bytes: Buffer): void {
  decoding.heldBytes += bytes.length;
  if (decoding.heldBytes > decoding.limits.maxHeldBytes)
    throw invalid(`more than ${decoding.limits.maxHeldBytes} bytes of results come before the schema`);
  decoding.held.push(bytes);
  decoding.rows++;
}

function tellSchema(decoding: Decoding, value: unknown): void {
  const columns = schemaColumns(value as readonly unknown[], decoding.limits.maxColumns);
  decoding.names = cellNames(columns);
  decoding.sink.schema(columns);
  decoding.form = decoding.sink.form?.() ?? decoding.form;
  decoding.hasSchema = true;
  for (const bytes of decoding.held)
    decoding.sink.row(decoding.form.normalize(rowOf(decoding, parseBytes(decoding, bytes, true))));
  decoding.held = [];
}

function checkShape(decoding: Decoding): void {
  const { cut, limits } = decoding;
  if (cut.deepest > limits.maxDepth) throw invalid(`it is nested deeper than ${limits.maxDepth} levels`);
  if (cut.opened > limits.maxContainers)
    throw invalid(`${partOf(decoding)} holds more than ${limits.maxContainers} lists and objects`);
}
