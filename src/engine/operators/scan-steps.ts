import type { KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import { type Expression, evaluateOnce, rowExpression } from '../compile/expression.ts';
import { nameOf, required, typeNameOf } from '../compile/nodes.ts';
import { childEnvironment, type Declarations, rowScope, type Scope, stepValue } from '../compile/scope.ts';
import { queryFailed, unsupported } from '../problem.ts';
import { emptyValue } from '../runtime/column.ts';
import { findColumn } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { converter } from '../values/convert.ts';

/** A column that scan adds to its input, or one of the input that a step assigns anew. */
export interface Declared {
  readonly name: string;
  readonly type: string;
  readonly initial: Value;
  /** Whether the input has it: where nothing is assigned, the row keeps its value. */
  readonly isInput: boolean;
}

/** A record that a step remembers: a row of the input, and what the step assigned. */
export interface Remembered {
  readonly row: number;
  readonly declared: readonly Value[];
}

/** The records that conditions and assignments see, by the position of their step. Changed for each evaluation. */
export interface View {
  records: readonly (Remembered | null)[];
}

/** Which matches of a step give a row: each, the last of those that repeat in one sequence, none. */
export type StepRows = 'all' | 'last' | 'none';

export interface Step {
  readonly output: StepRows;
  readonly condition: Expression;
  /** By the position of the declared column. */
  readonly assignments: ReadonlyMap<number, Expression>;
}

export function compileDeclared(node: KqlNode, scope: Scope): Declared[] {
  const clause = childOf(node, 'DeclareClause');
  const declared = (clause ? itemsOf(clause, 'Declarations') : []).map((one) => {
    const typed = required(one, 'NameAndType');
    const type = typeNameOf(required(typed, 'Type'));
    return { name: nameOf(required(typed, 'Name')), type, initial: initialValue(one, type, scope), isInput: false };
  });
  const names = new Set(
    itemsOf(node, 'Steps')
      .flatMap(assignmentsOf)
      .map((one) => nameOf(required(one, 'Name'))),
  );
  for (const { name } of declared) names.delete(name);
  const assigned = scope.columns.filter(({ name }) => names.has(name));
  return declared.concat(assigned.map(({ name, type }) => ({ name, type, initial: emptyValue(type), isInput: true })));
}

function assignmentsOf(step: KqlNode): readonly KqlNode[] {
  const clause = childOf(step, 'ComputationClause');
  return clause ? itemsOf(clause, 'Assignments') : [];
}

function initialValue(node: KqlNode, type: string, scope: Scope): Value {
  const given = childOf(node, 'DefaultValue');
  if (!given) return emptyValue(type);
  const expression = scope.compilation.expression(required(given, 'Value'), scope);
  const convert = converter(expression.type, type);
  if (!convert) throw unsupported(`a default value of another type`, given);
  return convert(evaluateOnce(expression)) ?? emptyValue(type);
}

export function compileSteps(
  nodes: readonly KqlNode[],
  declared: readonly Declared[],
  view: View,
  scope: Scope,
): Step[] {
  const inner = {
    ...rowScope(scope, scope.columns),
    environment: childEnvironment(scope.environment),
  };
  nodes.forEach((node, step) => {
    declareStep({ name: nameOf(required(node, 'Name')), step, inputs: scope.columns }, declared, view, inner);
  });
  return nodes.map((node) => compileStep(node, declared, inner));
}

function compileStep(node: KqlNode, declared: readonly Declared[], scope: Scope): Step {
  const output = childOf(node, 'ScanStepOutput');
  const kind = output?.children.at(-1)?.text ?? 'all';
  if (childOf(node, 'OptionalKeyword')) throw unsupported('an optional step of scan', node);
  return {
    output: kind === 'last' || kind === 'none' ? kind : 'all',
    condition: scope.compilation.expression(required(node, 'Condition'), scope),
    assignments: new Map(assignmentsOf(node).map((one) => compileAssignment(one, declared, scope))),
  };
}

function compileAssignment(node: KqlNode, declared: readonly Declared[], scope: Scope): [number, Expression] {
  const index = declared.findIndex(({ name }) => name === nameOf(required(node, 'Name')));
  const expression = scope.compilation.expression(required(node, 'Expression'), scope);
  const type = declared[index]?.type;
  if (type === undefined)
    throw queryFailed('scan assigns to a column that neither its input nor its declaration has.', node);
  const convert = converter(expression.type, type);
  if (!convert) throw unsupported(`the assignment of ${expression.type} to ${type}`, node);
  return [index, type === expression.type ? expression : convertedTo(type, convert, expression)];
}

function convertedTo(type: string, convert: (value: Value) => Value, expression: Expression): Expression {
  return rowExpression(type, (table) => {
    const get = expression.bind(table);
    return (row) => convert(get(row));
  });
}

interface StepNames {
  readonly name: string;
  readonly step: number;
  readonly inputs: Scope['columns'];
}

/** `step.column` for every column of the input and every declared one. */
function declareStep(names: StepNames, declared: readonly Declared[], view: View, scope: Scope): void {
  const { name, step } = names;
  for (const column of names.inputs.filter((one) => !declared.some(({ name: known }) => known === one.name))) {
    put(scope.environment, stepValue(name, column.name), inputColumn(column, step, view), scope);
  }
  declared.forEach(({ name: column, type, initial }, index) => {
    const read = rowExpression(type, () => () => {
      const record = view.records[step];
      return record ? (record.declared[index] ?? null) : initial;
    });
    put(scope.environment, stepValue(name, column), read, scope);
  });
}

function put(environment: Declarations, name: string, expression: Expression, scope: Scope): void {
  environment.names.set(name, { kind: 'scalar', expression, rows: scope.rows });
}

function inputColumn(column: { name: string; type: string }, step: number, view: View): Expression {
  return rowExpression(column.type, (table) => {
    const values = findColumn(table, column.name)?.values() ?? [];
    return () => {
      const record = view.records[step];
      return record ? (values[record.row] ?? null) : emptyValue(column.type);
    };
  });
}
