import { parquetScan } from 'hyparquet';
import { type CodedCells, plainCells } from '../coded-cells.ts';
import type { CellPlan, RawBatch } from '../raw-columns.ts';
import { readCodedChunk } from './coded-chunk.ts';
import type { FileBytes } from './file-bytes.ts';
import { chunkOf, losesNothing, rangeIn } from './group-ranges.ts';
import type { ParquetMetadata, RowGroup } from './parquet-file.ts';
import { CELL_PARSERS, COMPRESSORS, unpacked } from './parquet-parsers.ts';
import type { ParquetElement } from './parquet-type.ts';

export interface WantedColumn {
  readonly element: ParquetElement & { readonly name: string };
  readonly column: string;
}

/** A group of rows and where it begins. */
export interface GroupPlace {
  readonly group: RowGroup;
  readonly rowStart: number;
}

/** Reads a group of rows: of the wanted columns as many as the plan asks for. */
export type ReadGroup = (place: GroupPlace) => Promise<RawBatch>;

interface OpenFile {
  readonly file: FileBytes;
  readonly metadata: ParquetMetadata;
  readonly plan: CellPlan;
}

export function groupReader(open: OpenFile, wanted: readonly WantedColumn[]): ReadGroup {
  const columns = wanted.map(({ element }) => element.name);
  const { file, metadata, plan } = open;
  let scan: ReturnType<typeof parquetScan> | null = null;
  const plain = async ({ element }: WantedColumn, { group, rowStart }: GroupPlace): Promise<readonly unknown[]> => {
    scan ??= parquetScan({ file, metadata, columns, parsers: CELL_PARSERS, compressors: COMPRESSORS });
    const range = { rowStart, rowEnd: rowStart + Number(group.num_rows) };
    return plainList(await (await scan).readColumn({ column: element.name, ...range }));
  };
  const read = async (place: GroupPlace, some: readonly WantedColumn[]): Promise<RawBatch> => {
    const cells = new Map<string, readonly unknown[]>();
    const coded = new Map<string, CodedCells>();
    for (const one of some) {
      const codes = await codedColumn(file, place.group, one.element);
      if (codes && plan.takesCodes) coded.set(one.column, codes);
      else cells.set(one.column, codes ? plainCells(codes) : await plain(one, place));
    }
    return { rowCount: Number(place.group.num_rows), cells, coded };
  };
  return async (place) => {
    const { group } = place;
    if (Number(group.num_rows) === 0) return read(place, []);
    const parted = partedColumns(group, wanted, plan);
    const batch = await read(place, parted.now);
    if (parted.pruned) return { ...batch, pruned: true };
    return parted.later.length === 0 ? batch : { ...batch, more: () => read(place, parted.later) };
  };
}

function plainList(values: ArrayLike<unknown>): readonly unknown[] {
  return Array.isArray(values) ? values : Array.from(values);
}

interface PartedColumns {
  readonly now: readonly WantedColumn[];
  /** When rows are kept. */
  readonly later: readonly WantedColumn[];
  readonly pruned: boolean;
}

/** Cells that may become null in silence are read whatever is needed of them. */
function partedColumns(group: RowGroup, wanted: readonly WantedColumn[], { narrow }: CellPlan): PartedColumns {
  if (!narrow) return { now: wanted, later: [], pruned: false };
  const typed = ({ element, column }: WantedColumn) => ({ element, type: narrow.typeOf(column) });
  const pruned = !narrow.mayKeep((column) => {
    const one = wanted.find((each) => each.column === column);
    return one ? rangeIn(group, typed(one)) : null;
  });
  const isNow = (one: WantedColumn): boolean =>
    (!pruned && narrow.asks(one.column)) || !losesNothing(group, typed(one));
  return { now: wanted.filter(isNow), later: wanted.filter((one) => !isNow(one)), pruned };
}

/** The column's texts as the codes that the file has for them; null where it has none. */
async function codedColumn(
  file: FileBytes,
  group: RowGroup,
  element: WantedColumn['element'],
): Promise<CodedCells | null> {
  const chunk = isText(element) ? chunkOf(group, element.name) : null;
  const data = chunk?.meta_data;
  if (!data?.dictionary_page_offset || chunk?.file_path) return null;
  const start = Number(data.dictionary_page_offset);
  const bytes = new Uint8Array(await file.slice(start, start + Number(data.total_compressed_size)));
  const nullable = element.repetition_type === 'OPTIONAL';
  const unpack = (page: Uint8Array, size: number): Uint8Array | null => unpacked(data.codec, page, size);
  return readCodedChunk(bytes, { rowCount: Number(group.num_rows), nullable, unpack });
}

/** Bytes that the reader takes for text, and nothing nested. */
function isText({
  type,
  repetition_type: repetition,
  converted_type: converted,
  logical_type: logical,
}: ParquetElement): boolean {
  const plain = converted === undefined ? logical === undefined || logical.type === 'STRING' : converted === 'UTF8';
  return type === 'BYTE_ARRAY' && repetition !== 'REPEATED' && plain;
}
