import type { KqlColumn, KqlTree } from '../ast.ts';
import { itemsOf } from '../ast.ts';
import { findingsOf } from '../diagnostics.ts';
import { type FindingList, sortFindings } from '../findings.ts';
import type { PreparedQuery, PrepareOptions, Shape } from '../prepared.ts';
import { type Column, SCALAR_TYPES } from '../types.ts';
import { createEnvironment, declare, type Environment } from './environment.ts';
import { type Flow, setFlow } from './flow.ts';
import { planIdentity } from './identity.ts';
import { checkNames, usesWindowNames } from './names.ts';
import { reachOf } from './reach.ts';
import { assignRoles, describeTables, type Roles } from './roles.ts';
import { rowFlow } from './row-flow.ts';
import { checkStatements, preludePlace } from './statements.ts';
import { findTableUses, type TableUse } from './table-uses.ts';
import { indexUses, type UseIndex } from './tables-read.ts';
import { findTimeCalls } from './time-calls.ts';

/** Everything that can be told of an analyzed query without running it. Findings of severity error refuse it. */
export function prepareTree(tree: KqlTree, options: PrepareOptions): PreparedQuery {
  const findings: FindingList = [...findingsOf(tree)];
  checkNames(tree, options, findings);
  if (findings.some((finding) => finding.severity === 'error')) return refusedQuery(tree.text, options, findings);
  checkStatements(tree, findings);
  const uses = findTableUses(tree, options, findings);
  const { flow, roles } = analyzeRows(tree, options, uses);
  const windowNames = usesWindowNames(tree.root);
  const shape = shapeOf(flow, options, windowNames);
  const timeCalls = findTimeCalls(tree.root, options.params);
  const reachMs = reachOf(tree.root, rootEnvironment(tree, options));
  return Object.freeze({
    text: tree.text,
    basis: options.basis,
    preludeAt: preludePlace(tree),
    shape,
    shapeReason: shape === 'snapshot' ? '' : (flow.setReason ?? ''),
    tables: Object.freeze(describeTables(uses, options, roles, tree.text)),
    timeCalls: Object.freeze(timeCalls),
    reachMs,
    usesTime: timeCalls.length > 0,
    usesWindowNames: windowNames,
    identity: planIdentity(flow, shape, tree.columns),
    columns: tree.open ? null : resultColumns(tree.columns),
    findings: Object.freeze(sortFindings(findings)),
  });
}

/** A query that cannot be prepared, with the findings that say why. */
export function refusedQuery(text: string, options: PrepareOptions, findings: FindingList): PreparedQuery {
  return Object.freeze({
    text,
    basis: options.basis,
    preludeAt: 0,
    shape: options.basis === 'none' ? 'snapshot' : (options.shape ?? 'set'),
    shapeReason: '',
    tables: Object.freeze([]),
    timeCalls: Object.freeze([]),
    reachMs: 0,
    usesTime: false,
    usesWindowNames: false,
    identity: Object.freeze({ kind: 'none', columns: Object.freeze([]) }),
    columns: null,
    findings: Object.freeze(sortFindings(findings)),
  });
}

function rootEnvironment(tree: KqlTree, options: PrepareOptions): Environment {
  const environment = createEnvironment(options.params);
  for (const statement of itemsOf(tree.root, 'Statements')) declare(statement, environment);
  return environment;
}

interface Rows {
  readonly flow: Flow;
  readonly roles: Roles;
}

/** Two passes: of entity tables alone, the second takes those that the rows come from as events. */
function analyzeRows(tree: KqlTree, options: PrepareOptions, uses: readonly TableUse[]): Rows {
  const index = indexUses(uses);
  const first = assignRoles(uses, options, []);
  const flow = resultFlow(tree, options, index, first);
  const roles = assignRoles(uses, options, flow.drivers);
  return { flow: resultFlow(tree, options, index, roles), roles };
}

function resultFlow(tree: KqlTree, options: PrepareOptions, index: UseIndex, roles: Roles): Flow {
  const statement = itemsOf(tree.root, 'Statements').findLast((node) => node.kind === 'ExpressionStatement');
  if (!statement) return setFlow('there is no query');
  return rowFlow(statement, rootEnvironment(tree, options), { index, isContext: roles.isContext });
}

/** A query that places its window itself, with `_from` and `_to`, is no snapshot. */
function shapeOf(flow: Flow, options: PrepareOptions, windowNames: boolean): Shape {
  if (options.basis === 'none' && !windowNames) return 'snapshot';
  return options.shape ?? (flow.setReason === null ? 'stream' : 'set');
}

function resultColumns(columns: readonly KqlColumn[] | null): readonly Column[] | null {
  if (!columns || columns.length === 0) return null;
  return Object.freeze(columns.map(({ name, type }) => Object.freeze({ name, type: scalarType(type) })));
}

/** Columns whose type depends on data can hold anything. */
function scalarType(type: string): Column['type'] {
  return SCALAR_TYPES.find((one) => one === type) ?? 'dynamic';
}
