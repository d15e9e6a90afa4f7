import type { CodedCells } from '../coded-cells.ts';
import { type PageHeader, readPageHeader } from './page-header.ts';
import { isOneRun, unpackHybrid, WIDEST } from './unpack-codes.ts';

/** Unpacks a page; null where the packing is not known. */
export type Unpack = (bytes: Uint8Array, size: number) => Uint8Array | null;

export interface ChunkShape {
  readonly rowCount: number;
  readonly nullable: boolean;
  readonly unpack: Unpack;
}

const PLAIN = 0;
const RLE = 3;
const DICTIONARIES: readonly number[] = [2, 8];
const TEXT = new TextDecoder();

/**
 * The texts of one column of a row group, where the file keeps them as codes into a dictionary. Null for every other form (other encodings,
 * second version of pages, broken bytes): the general reader takes or refuses these.
 */
export function readCodedChunk(bytes: Uint8Array, shape: ChunkShape): CodedCells | null {
  try {
    return readPages(bytes, shape);
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

interface Decoding {
  readonly codes: Int32Array;
  distinct: (string | null)[] | null;
  filled: number;
}

function readPages(bytes: Uint8Array, shape: ChunkShape): CodedCells | null {
  const state: Decoding = { codes: new Int32Array(shape.rowCount), distinct: null, filled: 0 };
  let at = 0;
  while (state.filled < shape.rowCount) {
    const header = readPageHeader(bytes, at);
    const page = header && pageOf(bytes, header, shape);
    if (!header || !page || !takePage(state, header, page, shape.nullable)) return null;
    at = header.end + header.packedSize;
  }
  const { codes, distinct } = state;
  return distinct && { codes, distinct };
}

/** False for a page of another form. */
function takePage(state: Decoding, header: PageHeader, page: Uint8Array, nullable: boolean): boolean {
  const { codes, distinct, filled } = state;
  if (header.kind === 'dictionary') {
    if (distinct || (header.encoding !== PLAIN && !DICTIONARIES.includes(header.encoding))) return false;
    state.distinct = readTexts(page, header.values);
    return state.distinct !== null;
  }
  const end = filled + header.values;
  if (!distinct || header.values < 0 || end > codes.length) return false;
  state.filled = end;
  return readCodes(page, header, codes.subarray(filled, end), distinct, nullable);
}

/** The page without packing; the marks of nulls stand before the values in both versions. */
function pageOf(bytes: Uint8Array, header: PageHeader, { unpack }: ChunkShape): Uint8Array | null {
  const { end, packedSize, unpackedSize, levelBytes, packed } = header;
  const marks = levelBytes ?? 0;
  if (packedSize < marks || unpackedSize < marks || end + packedSize > bytes.length) return null;
  const body = bytes.subarray(end + marks, end + packedSize);
  const values = packed ? unpack(body, unpackedSize - marks) : body;
  if (values?.length !== unpackedSize - marks) return null;
  if (marks === 0) return values;
  const page = new Uint8Array(unpackedSize);
  page.set(bytes.subarray(end, end + marks));
  page.set(values, marks);
  return page;
}

/** Texts with their length in four bytes before each. */
function readTexts(page: Uint8Array, count: number): (string | null)[] | null {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const texts: string[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + 4 > page.length) return null;
    const end = at + 4 + view.getUint32(at, true);
    if (end > page.length) return null;
    texts.push(TEXT.decode(page.subarray(at + 4, end)));
    at = end;
  }
  return texts;
}

/** Nulls get a code of their own, of the value null. */
function readCodes(
  page: Uint8Array,
  { encoding, levelEncoding, levelBytes }: PageHeader,
  into: Int32Array,
  distinct: (string | null)[],
  nullable: boolean,
): boolean {
  if (!DICTIONARIES.includes(encoding) || (nullable && levelBytes === null && levelEncoding !== RLE)) return false;
  const levels = nullable ? readLevels(page, levelBytes, into) : { end: levelBytes ?? 0, present: into.length };
  const width = page[levels.end] ?? 0;
  if (width > WIDEST) return false;
  const codes = levels.present === into.length ? into : new Int32Array(levels.present);
  if (codes.length > 0 && unpackHybrid(page, levels.end + 1, width, codes) >= distinct.length) return false;
  if (codes === into) return true;
  spread(codes, into, nullCode(distinct));
  return true;
}

interface Levels {
  /** Where the values begin. */
  readonly end: number;
  readonly present: number;
}

/** Puts 1 for a row with a value and 0 for a null; a column that is not nested has no other marks. The first version says before them how long they are. */
function readLevels(page: Uint8Array, levelBytes: number | null, into: Int32Array): Levels {
  const start = levelBytes === null ? 4 : 0;
  const size = levelBytes ?? new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(0, true);
  if (isOneRun(page, start, into.length)) return { end: start + size, present: into.length };
  if (unpackHybrid(page.subarray(0, start + size), start, 1, into) > 1)
    throw new RangeError('a mark is neither 0 nor 1');
  let present = 0;
  for (let row = 0; row < into.length; row += 1) present += into[row] as number;
  return { end: start + size, present };
}

function nullCode(distinct: (string | null)[]): number {
  const known = distinct.indexOf(null);
  return known < 0 ? distinct.push(null) - 1 : known;
}

/** The codes at the places that are marked with 1. */
function spread(codes: Int32Array, marks: Int32Array, missing: number): void {
  let next = 0;
  for (let row = 0; row < marks.length; row += 1) {
    if (marks[row] === 0) marks[row] = missing;
    else {
      marks[row] = codes[next] as number;
      next += 1;
    }
  }
}
