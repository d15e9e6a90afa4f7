import { compileDataTable, compileExternalData, compilePrint, compileRange } from './literal-tables.ts';
import { compileMacroExpand } from './macro-expand.ts';
import type { CompileOrigin } from './operator.ts';
import { compileFind, compileSearchOrigin } from './search.ts';
import { compileUnionOrigin } from './union.ts';

/** What a pipe can start with, besides names and calls. */
export const ORIGINS: ReadonlyMap<string, CompileOrigin> = new Map<string, CompileOrigin>([
  ['DataTableExpression', compileDataTable],
  ['PrintOperator', compilePrint],
  ['RangeOperator', compileRange],
  ['UnionOperator', compileUnionOrigin],
  ['MacroExpandOperator', compileMacroExpand],
  ['ExternalDataExpression', compileExternalData],
  ['FindOperator', compileFind],
  ['SearchOperator', compileSearchOrigin],
]);
