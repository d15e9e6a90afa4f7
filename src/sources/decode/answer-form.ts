/** What a member of an answer holds: columns, rows, a list of tables that have these, or something that is looked at or not. */
export type MemberRole = 'schema' | 'results' | 'tables' | 'told' | 'other';

/** Members beside columns and rows of the result, by their names in lower case. */
export type ToldMembers = Readonly<Record<string, unknown>>;

/** Where an answer has its columns and rows, and what it must say to be whole. One is made for every answer: it may remember. */
export interface AnswerForm {
  /** Rows are lists of cells in the order of the columns; else objects. */
  readonly hasCells: boolean;
  /** The answer itself may be a list of tables. */
  readonly isList: boolean;
  /** Of a member by its name in lower case, of a table or of the answer itself. */
  roleOf(name: string, inTable: boolean): MemberRole;
  /** Whether columns and rows of a table that said this so far are those of the result. Throws where no answer has such a table. */
  isResult(table: ToldMembers): boolean;
  /** A table is over. Columns and rows are among what it said where they are no result. */
  tableEnds(table: ToldMembers): void;
  /** The error that stands where a row should be. */
  rowError(value: unknown): Error;
  /** The answer is over. Throws where it says that it is not whole. */
  answerEnds(answer: ToldMembers): void;
  /** How many bytes the query read, as the answer tells; null, or absent: it does not. */
  scanned?(answer: ToldMembers): number | null;
}

/** `{"Schema": […], "Results": [{…}, …]}` of the hunting APIs. */
export const HUNTING_ANSWER: AnswerForm = {
  hasCells: false,
  isList: false,
  roleOf: (name) => (name === 'schema' || name === 'results' ? name : 'other'),
  isResult: () => true,
  tableEnds: () => undefined,
  rowError: () => new Error('an object is a row here'),
  answerEnds: () => undefined,
};
