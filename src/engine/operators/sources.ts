import { compileDataTable, compileExternalData, compilePrint, compileRange } from './literal-tables.ts';
import type { CompileSource } from './operator.ts';
import { compileFind, compileSearchSource } from './search.ts';
import { compileUnionSource } from './union.ts';

/** What a pipe can start with, besides names and calls. */
export const SOURCES: ReadonlyMap<string, CompileSource> = new Map<string, CompileSource>([
  ['DataTableExpression', compileDataTable],
  ['PrintOperator', compilePrint],
  ['RangeOperator', compileRange],
  ['UnionOperator', compileUnionSource],
  ['ExternalDataExpression', compileExternalData],
  ['FindOperator', compileFind],
  ['SearchOperator', compileSearchSource],
]);
