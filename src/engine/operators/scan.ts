import type { KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import type { Budget } from '../budget.ts';
import type { Getter } from '../compile/expression.ts';
import { expectParameters, parametersOf, parameterValue } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { unsupported } from '../problem.ts';
import { columnOf, constantColumn, type Values } from '../runtime/column.ts';
import { findColumn, selectRows, type Table, withColumns } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import {
  compileDeclared,
  compileSteps,
  type Declared,
  type Remembered,
  type Step,
  type StepRows,
  type View,
} from './scan-steps.ts';

/** What a step knows of the sequence that it is in: the records of the steps up to it, and the sequence's number. */
interface Sequence {
  readonly match: number;
  readonly records: readonly (Remembered | null)[];
  /** The row that the latest match of the sequence's step gave. */
  readonly given: Given | null;
}

/** A row of the result; `left` where a later match of the same series takes its place (`output=last`). */
interface Given {
  readonly row: number;
  readonly declared: readonly Value[];
  readonly match: number;
  left: boolean;
}

interface BoundStep {
  readonly output: StepRows;
  readonly condition: Getter;
  readonly assignments: ReadonlyMap<number, Getter>;
}

interface Scanning {
  readonly steps: readonly BoundStep[];
  readonly declared: readonly Declared[];
  /** Of each declared column that the input has, its values. */
  readonly inputs: readonly (Values | null)[];
  readonly view: View;
  /** The sequence of each step; null where none is active. */
  readonly states: (Sequence | null)[];
  readonly output: Given[];
  matches: number;
}

/** `scan`: rows in their order against steps; each row is tried on the steps from the last to the first. */
export function compileScan(node: KqlNode, scope: Scope): TableStep {
  const parameters = parametersOf(node);
  expectParameters(node, parameters, ['with_match_id']);
  const ordering = childOf(node, 'OrderByClause') ?? childOf(node, 'PartitionByClause');
  if (ordering) throw unsupported('scan with an order or partition of its own', ordering);
  const matchName = parameterValue(parameters.get('with_match_id'));
  const declared = compileDeclared(node, scope);
  const view: View = { records: [] };
  const steps = compileSteps(itemsOf(node, 'Steps'), declared, view, scope);
  const { budget } = scope.compilation;
  return (input) => {
    const scanning = start(withDefaults(input, declared), steps, declared, view);
    for (let row = 0; row < input.rowCount; row += 1) scanRow(row, scanning, budget);
    return scanned(input, scanning, matchName, budget);
  };
}

/** A declared column by its bare name is its default in conditions and assignments, whatever was assigned before: recorded. */
function withDefaults(input: Table, declared: readonly Declared[]): Table {
  const added = declared.filter(({ isInput }) => !isInput);
  const defaults = added.map(({ name, type, initial }) => constantColumn(name, type, initial, input.rowCount));
  return withColumns(input, [...input.columns, ...defaults]);
}

function start(input: Table, steps: readonly Step[], declared: readonly Declared[], view: View): Scanning {
  const bound = steps.map(({ output, condition, assignments }) => ({
    output,
    condition: condition.bind(input),
    assignments: new Map([...assignments].map(([index, expression]) => [index, expression.bind(input)])),
  }));
  const inputs = declared.map(({ name, isInput }) => (isInput ? (findColumn(input, name)?.values() ?? null) : null));
  return { steps: bound, declared, inputs, view, states: steps.map(() => null), output: [], matches: 0 };
}

const NO_SEQUENCE: Sequence = { match: -1, records: [], given: null };

function scanRow(row: number, scanning: Scanning, budget: Budget): void {
  const { states, steps } = scanning;
  budget.tick(steps.length);
  for (let at = steps.length - 1; at >= 0; at -= 1) {
    const before = states[at - 1] ?? null;
    if (before && matches(row, at, before, scanning)) {
      states[at] = advance(row, at, before, scanning, budget);
      states[at - 1] = null;
      continue;
    }
    const own = states[at] ?? (at === 0 ? NO_SEQUENCE : null);
    if (!own || !matches(row, at, own, scanning)) continue;
    states[at] = advance(row, at, numbered(own, scanning), scanning, budget);
    if (own.given && steps[at]?.output === 'last') own.given.left = true;
  }
}

/** A match of the first step begins a new sequence, unless the step has one: that goes on under its number. */
function numbered(sequence: Sequence, scanning: Scanning): Sequence {
  if (sequence.match >= 0) return sequence;
  scanning.matches += 1;
  return { ...sequence, match: scanning.matches - 1 };
}

function matches(row: number, at: number, sequence: Sequence, scanning: Scanning): boolean {
  scanning.view.records = sequence.records;
  return scanning.steps[at]?.condition(row) === true;
}

/** The sequence with this row as the record of a step. */
function advance(row: number, at: number, sequence: Sequence, scanning: Scanning, budget: Budget): Sequence {
  const { declared, inputs, view, steps, output } = scanning;
  view.records = sequence.records;
  const step = steps[at];
  const values = declared.map(({ initial }, index) => {
    const assigned = step?.assignments.get(index);
    return assigned ? assigned(row) : (inputs[index]?.[row] ?? initial);
  });
  const given: Given = { row, declared: values, match: sequence.match, left: false };
  if (step?.output !== 'none') {
    budget.spend(1);
    output.push(given);
  }
  const records = Array.from({ length: at + 1 }, (_, index) => sequence.records[index] ?? null);
  records[at] = { row, declared: values };
  return { match: sequence.match, records, given };
}

function scanned(input: Table, scanning: Scanning, matchName: string | null, budget: Budget): Table {
  const { declared } = scanning;
  const output = scanning.output.filter(({ left }) => !left);
  const base = selectRows(
    input,
    Int32Array.from(output, ({ row }) => row),
    budget,
  );
  const given = declared.map(({ name, type }, index) =>
    columnOf(
      name,
      type,
      output.map((one) => one.declared[index] ?? null),
    ),
  );
  const kept = base.columns.map((column) => given.find(({ name }) => name === column.name) ?? column);
  const added = given.filter((_, index) => declared[index]?.isInput === false);
  const ids =
    matchName === null
      ? []
      : [
          columnOf(
            matchName,
            'long',
            output.map(({ match }) => match),
          ),
        ];
  return withColumns(base, [...kept, ...added, ...ids]);
}
