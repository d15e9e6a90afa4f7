import { compilePartitionedGraph } from '../graph/compile-graph.ts';
import { compileCountRows, compileDistinct, compileGetSchema } from './count.ts';
import { compileEvaluate } from './evaluate.ts';
import { compileFilter } from './filter.ts';
import { compileInvoke } from './invoke.ts';
import { compileJoin, compileLookup } from './join.ts';
import { compileMakeSeries } from './make-series.ts';
import { compileMvApply, compileMvExpand } from './mv-expand.ts';
import type { CompileOperator } from './operator.ts';
import { compileParse, compileParseWhere } from './parse.ts';
import { compileParseKv } from './parse-kv.ts';
import { compilePartition } from './partition.ts';
import {
  compileConsume,
  compileExtend,
  compileNothing,
  compileProject,
  compileProjectAway,
  compileProjectKeep,
  compileProjectRename,
  compileProjectReorder,
} from './project.ts';
import { compileProjectByNames } from './project-by-names.ts';
import { compileReduce } from './reduce.ts';
import { compileSample, compileSampleDistinct } from './sample.ts';
import { compileScan } from './scan.ts';
import { compileSearch } from './search.ts';
import { compileSerialize } from './serialize.ts';
import { compileSort, compileTake, compileTop } from './sort.ts';
import { compileSummarize } from './summarize.ts';
import { compileTopHitters } from './top-hitters.ts';
import { compileTopNested } from './top-nested.ts';
import { compileUnion } from './union.ts';

/** Operators by the kind of their node; what is not here is refused by name. */
export const TABULAR_OPERATORS: ReadonlyMap<string, CompileOperator> = new Map<string, CompileOperator>([
  ['FilterOperator', compileFilter],
  ['ExtendOperator', compileExtend],
  ['ProjectOperator', compileProject],
  ['ProjectAwayOperator', compileProjectAway],
  ['ProjectKeepOperator', compileProjectKeep],
  ['ProjectRenameOperator', compileProjectRename],
  ['ProjectReorderOperator', compileProjectReorder],
  ['ProjectByNamesOperator', compileProjectByNames],
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
  ['SerializeOperator', compileSerialize],
  ['MvExpandOperator', compileMvExpand],
  ['MvApplyOperator', compileMvApply],
  ['ParseOperator', compileParse],
  ['ParseWhereOperator', compileParseWhere],
  ['ParseKvOperator', compileParseKv],
  ['PartitionOperator', compilePartition],
  ['SampleOperator', compileSample],
  ['SampleDistinctOperator', compileSampleDistinct],
  ['EvaluateOperator', compileEvaluate],
  ['InvokeOperator', compileInvoke],
  ['MakeSeriesOperator', compileMakeSeries],
  ['TopNestedOperator', compileTopNested],
  ['TopHittersOperator', compileTopHitters],
  ['SearchOperator', compileSearch],
  ['ReduceByOperator', compileReduce],
  ['ScanOperator', compileScan],
  ['MakeGraphOperator', compilePartitionedGraph],
  ['RenderOperator', compileNothing],
  ['ConsumeOperator', compileConsume],
]);
