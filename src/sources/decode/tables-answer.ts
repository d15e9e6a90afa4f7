import type { AnswerForm, ToldMembers } from './answer-form.ts';
import { invalid } from './decode-state.ts';
import { scannedBytes } from './scanned-bytes.ts';

/** Makes the failure of an answer that tells an error beside its rows. */
export type RefuseInside = (error: unknown) => Error;

/** `{"tables": [{"name", "columns", "rows": [[…]]}], "error"?}` of Log Analytics. The first table is the result; a second one is none of ours. */
export function tablesAnswer(refuse: RefuseInside): AnswerForm {
  let tables = 0;
  return {
    hasCells: true,
    isList: false,
    roleOf: (name, inTable) => (inTable ? roleInTable(name) : roleInAnswer(name)),
    isResult: (table) => {
      if (tables > 0) throw invalid(`it has a second table, ${nameOf(table)}`);
      return true;
    },
    tableEnds: () => {
      tables += 1;
    },
    rowError: refuse,
    answerEnds: ({ error }) => {
      if (error !== undefined && error !== null) throw refuse(error);
    },
    scanned: ({ statistics }) => scannedBytes((statistics as { readonly query?: unknown } | undefined)?.query),
  };
}

function roleInAnswer(name: string): ReturnType<AnswerForm['roleOf']> {
  if (name === 'tables') return 'tables';
  return name === 'error' || name === 'statistics' ? 'told' : 'other';
}

function roleInTable(name: string): ReturnType<AnswerForm['roleOf']> {
  if (name === 'columns') return 'schema';
  if (name === 'rows') return 'results';
  return name === 'name' ? 'told' : 'other';
}

function nameOf({ name }: ToldMembers): string {
  return JSON.stringify(name ?? '').slice(0, 100);
}
