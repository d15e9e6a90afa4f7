/** What a page of Parquet says of itself (parquet.thrift, in Thrift's compact protocol), as far as pages of dictionary codes need it. */
export interface PageHeader {
  readonly kind: 'data' | 'dictionary';
  readonly unpackedSize: number;
  readonly packedSize: number;
  readonly values: number;
  /** Of its values. */
  readonly encoding: number;
  /** Of the marks of nulls; -1 where the page has none of the first version. */
  readonly levelEncoding: number;
  /** Bytes of the marks of nulls, never packed, that stand before the values in a page of the second version; null for other pages. */
  readonly levelBytes: number | null;
  /** Whether the values are packed as the column is. */
  readonly packed: boolean;
  /** Where the page begins. */
  readonly end: number;
}

/** A struct as its numbers and structs by field id; other fields are passed over. */
type Fields = Map<number, number | Fields>;

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

const [STOP, TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, SET, STRUCT] = [0, 1, 2, 3, 7, 8, 9, 10, 12];
/** By kind of page, the field that tells more of it: index pages are not among them. */
const ABOUT: Readonly<Record<number, number>> = { 0: 5, 2: 7, 3: 8 };
const DICTIONARY_PAGE = 2;
const SECOND_VERSION = 3;

/** Null where it is none that can be read here. */
export function readPageHeader(bytes: Uint8Array, start: number): PageHeader | null {
  const cursor = { bytes, at: start };
  const fields = readStruct(cursor);
  const kind = fields ? numberAt(fields, 1) : -1;
  const about = fields?.get(ABOUT[kind] ?? -1);
  if (!fields || !(about instanceof Map)) return null;
  const isSecond = kind === SECOND_VERSION;
  if (isSecond && numberAt(about, 6) > 0) return null;
  return {
    kind: kind === DICTIONARY_PAGE ? 'dictionary' : 'data',
    unpackedSize: numberAt(fields, 2),
    packedSize: numberAt(fields, 3),
    values: numberAt(about, 1),
    encoding: numberAt(about, isSecond ? 4 : 2),
    levelEncoding: kind === 0 ? numberAt(about, 3) : -1,
    levelBytes: isSecond ? Math.max(0, numberAt(about, 5)) : null,
    packed: !isSecond || numberAt(about, 7) !== 0,
    end: cursor.at,
  };
}

function numberAt(fields: Fields, id: number): number {
  const value = fields.get(id);
  return typeof value === 'number' ? value : -1;
}

function readStruct(cursor: Cursor): Fields | null {
  const fields: Fields = new Map();
  let id = 0;
  for (;;) {
    const head = cursor.bytes[cursor.at];
    if (head === undefined) return null;
    cursor.at += 1;
    if (head === STOP) return fields;
    id = head >> 4 === 0 ? zigzag(cursor) : id + (head >> 4);
    const value = readValue(cursor, head & 15);
    if (value === null) return null;
    fields.set(id, value);
  }
}

/** Null where it is of a kind that no header of a page has. */
function readValue(cursor: Cursor, type: number): number | Fields | null {
  if (type === TRUE || type === FALSE) return type === TRUE ? 1 : 0;
  if (type === STRUCT) return readStruct(cursor);
  if (type === LIST || type === SET || type > STRUCT) return null;
  if (type === BINARY || type === BYTE || type === DOUBLE) {
    cursor.at += type === BINARY ? varint(cursor) : type === BYTE ? 1 : 8;
    return 0;
  }
  return zigzag(cursor);
}

function varint(cursor: Cursor): number {
  let [value, factor] = [0, 1];
  for (;;) {
    const byte = cursor.bytes[cursor.at] ?? 0;
    cursor.at += 1;
    value += (byte & 127) * factor;
    if (byte < 128) return value;
    factor *= 128;
  }
}

function zigzag(cursor: Cursor): number {
  const value = varint(cursor);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
