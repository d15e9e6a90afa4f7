import { compileCountRows, compileDistinct, compileGetSchema } from './count.ts';
import { compileFilter } from './filter.ts';
import { compileJoin, compileLookup } from './join.ts';
import type { CompileOperator } from './operator.ts';
import {
  compileExtend,
  compileNothing,
  compileProject,
  compileProjectAway,
  compileProjectKeep,
  compileProjectRename,
  compileProjectReorder,
} from './project.ts';
import { compileSort, compileTake, compileTop } from './sort.ts';
import { compileSummarize } from './summarize.ts';
import { compileUnion } from './union.ts';

/** Operators by the kind of their node; what is not here is refused by name. */
export const OPERATORS: ReadonlyMap<string, CompileOperator> = new Map<string, CompileOperator>([
  ['FilterOperator', compileFilter],
  ['ExtendOperator', compileExtend],
  ['ProjectOperator', compileProject],
  ['ProjectAwayOperator', compileProjectAway],
  ['ProjectKeepOperator', compileProjectKeep],
  ['ProjectRenameOperator', compileProjectRename],
  ['ProjectReorderOperator', compileProjectReorder],
  ['SummarizeOperator', compileSummarize],
  ['SortOperator', compileSort],
  ['TopOperator', compileTop],
  ['TakeOperator', compileTake],
  ['CountOperator', compileCountRows],
  ['DistinctOperator', compileDistinct],
  ['GetSchemaOperator', compileGetSchema],
  ['UnionOperator', compileUnion],
  ['JoinOperator', compileJoin],
  ['LookupOperator', compileLookup],
  ['SerializeOperator', compileExtend],
  ['RenderOperator', compileNothing],
  ['ConsumeOperator', compileNothing],
]);
