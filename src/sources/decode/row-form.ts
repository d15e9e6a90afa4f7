/** What a member of a row becomes. */
export interface CellForm {
  readonly name: string;
  /** What stays as it is, so that nobody need be asked: any value, text, finite numbers, or times in their normal form. */
  readonly keeps: 'all' | 'text' | 'numbers' | 'times' | 'nothing';
  /** The same for the same value. */
  readonly normalize: (value: unknown) => unknown;
}

/** What rows become before they are handed on. */
export interface RowForm {
  /** Takes the row over: it may be changed and returned. */
  normalize(row: Record<string, unknown>): Record<string, unknown>;
  /**
   * What each member becomes in rows that have members of these names, all different, in this order; null: nobody wants it. What no
   * member becomes is the same in all of them. Null as a whole: these rows are not made of their members one by one.
   */
  cellsOf(names: readonly string[]): readonly (CellForm | null)[] | null;
}

/** Rows as they come. */
export const RAW_FORM: RowForm = {
  normalize: (row) => row,
  cellsOf: (names) => names.map((name) => ({ name, keeps: 'all', normalize: (value) => value })),
};
