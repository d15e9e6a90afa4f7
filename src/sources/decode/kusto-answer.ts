import type { AnswerForm, MemberRole, ToldMembers } from './answer-form.ts';
import { invalid } from './decode-state.ts';
import { statusError, tableScanned } from './kusto-status.ts';
import type { RefuseInside } from './tables-answer.ts';

const TOLD: ReadonlySet<string> = new Set([
  'frametype',
  'tablekind',
  'tablename',
  'tableid',
  'tablefragmenttype',
  'haserrors',
  'cancelled',
  'oneapierrors',
]);

/** What has been seen of the frames so far. */
interface Frames {
  tables: number;
  /** Of the result; undefined: it has not come. */
  resultId: unknown;
  isComplete: boolean;
  /** Bytes that the query read; null: that was not told. */
  scanned: number | null;
}

/**
 * Both forms of Kusto: frames of version 2, a list that ends with DataSetCompletion, and `{"Tables": [{"TableName", "Columns", "Rows"}]}` of
 * version 1, of which the first table is the result. Errors stand among the rows, in DataSetCompletion, or in a table of version 1.
 */
export function kustoAnswer(refuse: RefuseInside): AnswerForm {
  const frames: Frames = { tables: 0, resultId: undefined, isComplete: false, scanned: null };
  let isList = true;
  return {
    hasCells: true,
    isList: true,
    roleOf: (name, inTable) => {
      if (!inTable) {
        isList = false;
        return roleInAnswer(name);
      }
      return roleInTable(name);
    },
    isResult: (table) => isResult(frames, table),
    tableEnds: (table) => {
      frames.tables += 1;
      frames.scanned ??= tableScanned(table);
      const error = isList ? frameError(frames, table) : statusError(table);
      if (error !== null) throw refuse(error);
    },
    rowError: refuse,
    answerEnds: ({ exceptions, error }) => {
      for (const told of [exceptions, error]) if (!isNone(told)) throw refuse(told);
      if (isList && !frames.isComplete) throw invalid('it ends without DataSetCompletion');
    },
    scanned: () => frames.scanned,
  };
}

function roleInAnswer(name: string): MemberRole {
  if (name === 'tables') return 'tables';
  return name === 'exceptions' || name === 'error' ? 'told' : 'other';
}

function roleInTable(name: string): MemberRole {
  if (name === 'columns') return 'schema';
  if (name === 'rows') return 'results';
  return TOLD.has(name) ? 'told' : 'other';
}

function isResult(frames: Frames, table: ToldMembers): boolean {
  const { frametype, tablekind, tableid = null, tablefragmenttype } = table;
  if (frametype === undefined) return frames.tables === 0;
  if (frametype === 'TableFragment') {
    if (tableid !== frames.resultId) return false;
    if (tablefragmenttype !== 'DataAppend')
      throw invalid(`it replaces rows that it gave (${String(tablefragmenttype).slice(0, 40)})`);
    return true;
  }
  if (tablekind === undefined) throw invalid('a table of it has rows before it says what they are');
  if (tablekind !== 'PrimaryResult') return false;
  if (frames.resultId !== undefined && frames.resultId !== tableid)
    throw invalid(`it has a second result, ${JSON.stringify(table.tablename ?? '').slice(0, 100)}`);
  frames.resultId = tableid;
  return true;
}

/** What a frame says is wrong; null: nothing. Errors may stand in the frame that ends a table, too. */
function frameError(frames: Frames, frame: ToldMembers): unknown {
  const { frametype, haserrors = false, cancelled = false, oneapierrors = [] } = frame;
  if (frametype === 'DataSetCompletion') frames.isComplete = true;
  if (!isNone(oneapierrors)) return oneapierrors;
  if (haserrors !== false && haserrors !== null) return 'The service tells that there were errors.';
  return cancelled !== false && cancelled !== null ? 'The query was cancelled.' : null;
}

function isNone(errors: unknown): boolean {
  return errors === undefined || errors === null || (Array.isArray(errors) && errors.length === 0);
}
