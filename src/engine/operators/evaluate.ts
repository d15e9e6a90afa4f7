import type { KqlNode } from '../../kql/ast.ts';
import { childOf } from '../../kql/ast.ts';
import { functionName } from '../compile/calls/call.ts';
import { required } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { unsupported } from '../problem.ts';
import { compileBagUnpack, declaredOutput } from './bag-unpack.ts';
import { compileLineLookup, compilePolygonLookup } from './geo-lookup.ts';
import { compileIpLookup } from './ip-lookup.ts';
import { compileIpv6Lookup } from './ipv6-lookup.ts';
import { compileAutocluster } from './patterns/autocluster.ts';
import { compileBasket } from './patterns/basket.ts';
import { compileDiffpatterns } from './patterns/diffpatterns.ts';
import { compileNarrow, compilePivot } from './pivot.ts';
import { compileActivityCounts } from './plugins/activity.ts';
import { compileNewActivity } from './plugins/cohorts.ts';
import { compileFunnelCompletion } from './plugins/funnel-completion.ts';
import { compileFunnelSequence } from './plugins/funnel-sequence.ts';
import { compilePreview } from './plugins/preview.ts';
import { compileRollingPercentile } from './plugins/rolling-percentile.ts';
import { compileSchemaMerge } from './plugins/schema-merge.ts';
import { compileSequenceDetect } from './plugins/sequence-detect.ts';
import { compileSessionCount } from './plugins/session-count.ts';
import {
  compileActiveUsers,
  compileActivityEngagement,
  compileActivityMetrics,
  compileDcountIntersect,
  compileSlidingCounts,
} from './plugins/sliding-plugins.ts';
import { compileRowsNear } from './rows-near.ts';

/** Plugins by name: each takes its call and gives an operator. */
export const PLUGINS: ReadonlyMap<string, (call: KqlNode, scope: Scope) => TableStep> = new Map([
  ['bag_unpack', compileBagUnpack],
  ['pivot', compilePivot],
  ['narrow', compileNarrow],
  ['ipv4_lookup', compileIpLookup],
  ['ipv6_lookup', compileIpv6Lookup],
  ['rows_near', compileRowsNear],
  ['geo_polygon_lookup', compilePolygonLookup],
  ['geo_line_lookup', compileLineLookup],
  ['activity_counts_metrics', compileActivityCounts],
  ['activity_engagement', compileActivityEngagement],
  ['activity_metrics', compileActivityMetrics],
  ['active_users_count', compileActiveUsers],
  ['autocluster', compileAutocluster],
  ['basket', compileBasket],
  ['diffpatterns', compileDiffpatterns],
  ['new_activity_metrics', compileNewActivity],
  ['funnel_sequence', compileFunnelSequence],
  ['funnel_sequence_completion', compileFunnelCompletion],
  ['dcount_intersect', compileDcountIntersect],
  ['preview', compilePreview],
  ['rolling_percentile', compileRollingPercentile],
  ['schema_merge', compileSchemaMerge],
  ['sequence_detect', compileSequenceDetect],
  ['session_count', compileSessionCount],
  ['sliding_window_counts', compileSlidingCounts],
]);

export function compileEvaluate(node: KqlNode, scope: Scope): TableStep {
  const call = required(node, 'FunctionCall');
  const compile = PLUGINS.get(functionName(call));
  if (!compile) throw unsupported(`the plugin ${functionName(call)}`, call);
  const operator = compile(call, scope);
  if (!childOf(node, 'Schema')) return operator;
  const columns = (node.columns ?? []).map(({ name, type }) => ({ name, type }));
  return (input) => declaredOutput(operator(input), columns);
}
