/** Cells of a column as whole numbers, as a file keeps values that repeat. */
export interface CodedCells {
  readonly codes: Int32Array;
  /** By code, the cell; some may be no row's. */
  readonly distinct: readonly unknown[];
}

/** Cells row by row. */
export function plainCells({ codes, distinct }: CodedCells): unknown[] {
  const cells = new Array<unknown>(codes.length);
  for (let row = 0; row < codes.length; row += 1) cells[row] = distinct[codes[row] as number];
  return cells;
}

/** The cells at these rows, in their order and each once; where all are the same, without the others. */
export function someCells(cells: CodedCells, rows: Int32Array): CodedCells {
  const { codes, distinct } = cells;
  if (rows.length === codes.length || rows.length === 0) return { codes: codes.subarray(0, rows.length), distinct };
  const some = new Int32Array(rows.length);
  const first = codes[rows[0] as number] as number;
  let others = 0;
  for (let index = 0; index < rows.length; index += 1) {
    const code = codes[rows[index] as number] as number;
    some[index] = code;
    others |= code ^ first;
  }
  return others === 0 ? { codes: some.fill(0), distinct: [distinct[first]] } : { codes: some, distinct };
}

/** One after another, with one code for cells that are the same. */
export function joinedCells(pieces: readonly CodedCells[]): CodedCells {
  const [only] = pieces;
  if (only && pieces.length === 1 && new Set(only.distinct).size === only.distinct.length) return only;
  const known = new Map<unknown, number>();
  const distinct: unknown[] = [];
  const codes = new Int32Array(pieces.reduce((sum, piece) => sum + piece.codes.length, 0));
  let at = 0;
  for (const piece of pieces) {
    const translated = Int32Array.from(piece.distinct.map((cell) => codeFor(cell, known, distinct)));
    translate(piece.codes, translated, codes.subarray(at, at + piece.codes.length));
    at += piece.codes.length;
  }
  return { codes, distinct };
}

function translate(from: Int32Array, translated: Int32Array, to: Int32Array): void {
  if (translated.every((code, index) => code === index)) {
    to.set(from);
    return;
  }
  for (let row = 0; row < from.length; row += 1) to[row] = translated[from[row] as number] as number;
}

function codeFor(cell: unknown, known: Map<unknown, number>, distinct: unknown[]): number {
  const before = known.get(cell);
  if (before !== undefined) return before;
  const code = distinct.push(cell) - 1;
  known.set(cell, code);
  return code;
}
