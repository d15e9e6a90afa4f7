import { type KqlNode, walk } from '../ast.ts';
import type { NoteFinder } from './note.ts';

/** What leaves rows out, or takes them from elsewhere. */
const CHOOSING = [
  'JoinOperator',
  'LookupOperator',
  'SearchOperator',
  'FindOperator',
  'MvApplyOperator',
  'ParseWhereOperator',
  'EvaluateOperator',
  'InvokeOperator',
  'PartitionOperator',
  'ScanOperator',
  'TopOperator',
  'TakeOperator',
  'SampleOperator',
  'GraphMatchOperator',
  'MakeSeriesOperator',
];
const TIMES = ['Timestamp', 'TimeGenerated'];

export const filterMissingNote: NoteFinder = {
  check: 'filter-missing',
  kinds: ['QueryBlock'],
  look: (root) => {
    let table: KqlNode | null = null;
    for (const node of walk(root)) {
      if (CHOOSING.includes(node.kind) || (node.kind === 'FilterOperator' && isUseful(node))) return [];
      if (node.kind === 'NameReference' && node.reference?.kind === 'table') table ??= node;
    }
    if (!table) return [];
    const message =
      'Nothing in this query asks for anything but time: it reads all rows of its tables, and tells or counts every one.';
    return [{ start: table.start, end: table.end, message, hint: 'Add a where for what makes a row worth telling.' }];
  },
};

/** It asks for another column than the time, or compares with a text. */
function isUseful(filter: KqlNode): boolean {
  for (const { kind, reference } of walk(filter)) {
    if (kind === 'StringLiteralExpression' || reference?.kind === 'variable' || reference?.kind === 'parameter')
      return true;
    if (reference?.kind === 'column' && !TIMES.includes(reference.name)) return true;
    if (kind === 'NameReference' && !reference) return true;
  }
  return false;
}
