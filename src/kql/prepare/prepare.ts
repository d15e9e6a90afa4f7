import type { KqlColumn, KqlNode, KqlTree } from '../ast.ts';
import { itemsOf } from '../ast.ts';
import { findingsOf } from '../diagnostics.ts';
import type { Edit } from '../edits.ts';
import { type FindingList, sortFindings } from '../findings.ts';
import { notesOf } from '../notes/notes-of.ts';
import { resultTexts } from '../notes/result-texts.ts';
import { isPackable } from '../pack/packable.ts';
import type { PreparedQuery, PrepareOptions, Shape } from '../prepared.ts';
import { refusedQuery } from '../refused-query.ts';
import { type Column, SCALAR_TYPES } from '../types.ts';
import { createEnvironment, declare, type Environment } from './environment.ts';
import { absorbFilters } from './filters/absorb.ts';
import type { OwnFilterInput } from './filters/own-filters.ts';
import { type Following, strandsOf } from './filters/strands.ts';
import { type Flow, setFlow } from './flow.ts';
import { planIdentity } from './identity.ts';
import { checkNames, usesWindowNames } from './names.ts';
import { reachOf } from './reach.ts';
import { assignRoles, describeTables, type Roles, timeColumnIn } from './roles.ts';
import { rowFlow } from './row-flow.ts';
import { checkStatements, preludePlace } from './statements.ts';
import { findTableUses, type TableUse } from './table-uses.ts';
import { indexUses, type UseIndex } from './tables-read.ts';
import { asksForTime, findTimeCalls } from './time-calls.ts';
import { callsUnknown } from './unknown-calls.ts';

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
  const filters = absorbFilters(ownFilterInput(tree, options, { uses, roles, shape }));
  const reachMs = reachOf(tree.root, rootEnvironment(tree, options), filters.unmeasured);
  const notes = notesOf(tree);
  const texts = resultTexts(tree);
  return Object.freeze({
    text: tree.text,
    basis: options.basis,
    preludeAt: preludePlace(tree),
    shape,
    shapeReason: shape === 'snapshot' ? '' : (flow.setReason ?? ''),
    tables: Object.freeze(describeTables(uses, options, roles, tree.text, filters)),
    timeCalls: Object.freeze(timeCalls),
    ownFilters: Object.freeze(filters.filters),
    unclearFilters: Object.freeze(filters.unclear.map((filter) => Object.freeze(filter))),
    absorbed: Object.freeze(filters.edits.map((edit) => keepLines(edit, tree.text))),
    absorbedMs: filters.absorbedMs,
    upperMs: filters.upperMs,
    reachMs,
    usesTime: asksForTime(tree.root, timeCalls, filters.edits),
    usesWindowNames: windowNames,
    identity: planIdentity(flow, shape, tree.columns),
    columns: tree.open ? null : resultColumns(tree.columns),
    ...(tree.open && tree.columns && { openColumns: Object.freeze(openNames(tree.columns)) }),
    findings: Object.freeze(sortFindings(findings)),
    ...(notes.length > 0 && { notes }),
    ...(texts && { texts }),
    ...(callsUnknown(tree.root) && { opaque: true }),
    ...(isPackable(tree) && { packable: true }),
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

/** Two passes where it makes a difference: of entity tables alone, the second takes those that the rows come from as events. */
function analyzeRows(tree: KqlTree, options: PrepareOptions, uses: readonly TableUse[]): Rows {
  const index = indexUses(uses);
  const first = assignRoles(uses, options, []);
  const flow = resultFlow(tree, options, index, first);
  const roles = assignRoles(uses, options, flow.drivers);
  if (uses.every((use) => roles.isContext(use) === first.isContext(use))) return { flow, roles };
  return { flow: resultFlow(tree, options, index, roles), roles };
}

function resultFlow(tree: KqlTree, options: PrepareOptions, index: UseIndex, roles: Roles): Flow {
  const statement = lastQuery(tree);
  if (!statement) return setFlow('there is no query');
  return rowFlow(statement, rootEnvironment(tree, options), { index, isContext: roles.isContext });
}

function lastQuery(tree: KqlTree): KqlNode | null {
  return itemsOf(tree.root, 'Statements').findLast((node) => node.kind === 'ExpressionStatement') ?? null;
}

interface Known {
  readonly uses: readonly TableUse[];
  readonly roles: Roles;
  readonly shape: Shape;
}

function ownFilterInput(tree: KqlTree, options: PrepareOptions, { uses, roles, shape }: Known): OwnFilterInput {
  const { isContext } = roles;
  const timeOf = ({ table }: TableUse): string | null => timeColumnIn(table, tree.text);
  const index = indexUses(uses);
  const following: Following = {
    index,
    timeOf,
    isContext,
    byIngestion: options.basis === 'ingestion',
    binned: false,
    definitions: new Map(),
    tooMany: false,
  };
  const statement = lastQuery(tree);
  const strands = statement ? strandsOf(statement, rootEnvironment(tree, options), following) : [];
  const { binned, tooMany } = following;
  const hasWindow = (use: TableUse): boolean => options.basis !== 'none' && !isContext(use) && timeOf(use) !== null;
  return { strands, shape, options, binned, tooMany, isContext, hasWindow };
}

/** The replaced text with as many line ends as it had, so that no line moves. */
function keepLines(edit: Edit, text: string): Edit {
  const lines = text.slice(edit.start, edit.end).split('\n').length - 1;
  return Object.freeze({ ...edit, text: edit.text + '\n'.repeat(lines) });
}

/** A query that places its window itself, with `_from` and `_to`, is no snapshot. */
function shapeOf(flow: Flow, options: PrepareOptions, windowNames: boolean): Shape {
  if (options.basis === 'none' && !windowNames) return 'snapshot';
  return options.shape ?? (flow.setReason === null ? 'stream' : 'set');
}

const UNTOLD = /_unknown$/;

/**
 * Of a column whose type is not known on one side, `union` makes `X_unknown` and `X_string`, where the service most likely has one of
 * the type that both sides have, under its own name: that one is there, too.
 */
function openNames(columns: readonly KqlColumn[]): readonly string[] {
  const names = columns.map(({ name }) => name);
  const untold = columns.filter(({ name, type }) => type === 'unknown' && UNTOLD.test(name));
  return [...new Set([...names, ...untold.map(({ name }) => name.replace(UNTOLD, ''))])];
}

function resultColumns(columns: readonly KqlColumn[] | null): readonly Column[] | null {
  if (!columns || columns.length === 0) return null;
  return Object.freeze(columns.map(({ name, type }) => Object.freeze({ name, type: scalarType(type) })));
}

/** Columns whose type depends on data can hold anything. */
function scalarType(type: string): Column['type'] {
  return SCALAR_TYPES.find((one) => one === type) ?? 'dynamic';
}
