import type { KqlColumn, KqlNode } from '../../kql/ast.ts';
import type { Budget } from '../budget.ts';
import { expectParameters, parametersOf, parameterValue, required } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { unsupported } from '../problem.ts';
import { renamed, type TableColumn } from '../runtime/column.ts';
import { matchRows, type PairOptions, type RowPairs, semiRows } from '../runtime/join.ts';
import { selectColumn, selectRows, type Table, tableOf } from '../runtime/table.ts';
import { encodeKeys, type JoinKey, joinKeys } from './join-keys.ts';

type SemiKind = { readonly side: 'left' | 'right'; readonly wanted: boolean };

const PAIR_KINDS: Readonly<Record<string, PairOptions>> = {
  innerunique: { keepLeft: false, keepRight: false, uniqueLeft: true },
  inner: { keepLeft: false, keepRight: false, uniqueLeft: false },
  leftouter: { keepLeft: true, keepRight: false, uniqueLeft: false },
  rightouter: { keepLeft: false, keepRight: true, uniqueLeft: false },
  fullouter: { keepLeft: true, keepRight: true, uniqueLeft: false },
};

const SEMI_KINDS: Readonly<Record<string, SemiKind>> = {
  leftsemi: { side: 'left', wanted: true },
  rightsemi: { side: 'right', wanted: true },
  leftanti: { side: 'left', wanted: false },
  leftantisemi: { side: 'left', wanted: false },
  anti: { side: 'left', wanted: false },
  rightanti: { side: 'right', wanted: false },
  rightantisemi: { side: 'right', wanted: false },
};

/** `join`: all kinds. Rows come in the order of the left side, then of the right side. */
export function compileJoin(node: KqlNode, scope: Scope): TableStep {
  const parameters = parametersOf(node);
  expectParameters(node, parameters, ['kind']);
  const kind = parameterValue(parameters.get('kind'))?.toLowerCase() ?? 'innerunique';
  const other = scope.compilation.table(required(node, 'Expression'), scope);
  const keys = joinKeys(node);
  const { budget } = scope.compilation;
  const semi = SEMI_KINDS[kind];
  if (semi) return (left) => semiJoin(left, other(), keys, semi, budget);
  const options = PAIR_KINDS[kind];
  if (!options) throw unsupported(`the join kind '${kind}'`, node);
  return (left) => {
    const right = other();
    const pairs = matchRows(encodeKeys(keys, left, right, budget), options, budget);
    return pairedTable(left, right.columns, pairs, node.columns ?? [], budget);
  };
}

function semiJoin(
  left: Table,
  right: Table,
  keys: readonly JoinKey[],
  { side, wanted }: SemiKind,
  budget: Budget,
): Table {
  const codes = encodeKeys(keys, left, right, budget);
  if (side === 'left') return selectRows(left, semiRows(codes.left, codes.right, codes.count, wanted), budget);
  return selectRows(right, semiRows(codes.right, codes.left, codes.count, wanted), budget);
}

/** `lookup`: like a left outer (or inner) join, without the key columns of the right side. */
export function compileLookup(node: KqlNode, scope: Scope): TableStep {
  const parameters = parametersOf(node);
  expectParameters(node, parameters, ['kind']);
  const kind = parameterValue(parameters.get('kind'))?.toLowerCase() ?? 'leftouter';
  const options = kind === 'inner' || kind === 'leftouter' ? PAIR_KINDS[kind] : undefined;
  if (!options) throw unsupported(`the lookup kind '${kind}'`, node);
  const other = scope.compilation.table(required(node, 'Expression'), scope);
  const keys = joinKeys(node);
  const dropped = new Set(keys.map((key) => key.right));
  const { budget } = scope.compilation;
  return (left) => {
    const right = other();
    const pairs = matchRows(encodeKeys(keys, left, right, budget), options, budget);
    const added = right.columns.filter((column) => !dropped.has(column.name));
    return pairedTable(left, added, pairs, node.columns ?? [], budget);
  };
}

/** Left columns, then right ones, under the binder's names. */
export function pairedTable(
  left: Table,
  right: readonly TableColumn[],
  pairs: RowPairs,
  columns: readonly KqlColumn[],
  budget: Budget,
): Table {
  const ours = selectRows(left, pairs.left, budget);
  const made = [...ours.columns, ...right.map((column) => selectColumn(column, pairs.right, budget))];
  const names = made.length === columns.length ? columns.map((column) => column.name) : suffixed(made);
  return tableOf(
    made.map((column, index) => renamed(column, names[index] ?? column.name)),
    pairs.left.length,
    ours.ingested,
  );
}

/** Names for columns that only the data told: a repeated name gets a number. */
function suffixed(columns: readonly TableColumn[]): string[] {
  const taken = new Set<string>();
  return columns.map(({ name }) => {
    let free = name;
    for (let count = 1; taken.has(free); count += 1) free = `${name}${count}`;
    taken.add(free);
    return free;
  });
}
