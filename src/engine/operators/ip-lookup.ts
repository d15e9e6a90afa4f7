import type { KqlNode } from '../../kql/ast.ts';
import { argumentsOf } from '../../kql/ast.ts';
import type { Expression } from '../compile/expression.ts';
import { nameOf } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { queryFailed, unsupported } from '../problem.ts';
import { findColumn, type Table } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { groupKey } from '../values/group-key.ts';
import { pairedTable } from './join.ts';
import { pluginOptions } from './plugins/plugin-options.ts';

/** A range of IPv4 addresses. */
interface Network {
  readonly first: number;
  readonly bits: number;
}

/** `evaluate ipv4_lookup(networks, address, network)`: rows beside the rows of the table whose network holds their address. */
export function compileIpLookup(call: KqlNode, scope: Scope): TableStep {
  const [table, address, network, ...others] = argumentsOf(call);
  if (!table || !address || !network) throw unsupported('ipv4_lookup() without three arguments', call);
  const isExtra = (node: KqlNode): boolean =>
    node.kind !== 'SimpleNamedExpression' && node.reference?.kind === 'column';
  const extras = others.filter(isExtra).map((node) => node.reference?.name ?? nameOf(node));
  const options = others.filter((node) => !isExtra(node));
  const told = pluginOptions(options, ['return_unmatched'], 'ipv4_lookup', scope);
  const keepLeft = told.get('return_unmatched') === true;
  const plan = scope.compilation.table(table, scope);
  const column = network.reference?.name || nameOf(network);
  const source = scope.compilation.expression(address, scope);
  return (input) => lookUpNetworks(input, plan(), { source, column, extras, keepLeft, call }, scope);
}

interface Lookup {
  readonly source: Expression;
  readonly column: string;
  /** Columns of both tables that must be equal, too. */
  readonly extras: readonly string[];
  readonly keepLeft: boolean;
  readonly call: KqlNode;
}

function lookUpNetworks(input: Table, other: Table, lookup: Lookup, scope: Scope): Table {
  const networks = findColumn(other, lookup.column)?.values().map(parseNetwork);
  if (!networks) throw queryFailed(`The column '${lookup.column}' does not exist in the lookup table.`, lookup.call);
  const index = indexNetworks(networks);
  const get = lookup.source.bind(input);
  const agrees = agreement(input, other, lookup);
  const left: number[] = [];
  const right: number[] = [];
  for (let row = 0; row < input.rowCount; row += 1) {
    const found = matching(parseNetwork(get(row)), index).filter((match) => agrees(row, match));
    if (found.length === 0 && lookup.keepLeft) found.push(-1);
    scope.compilation.budget.spend(found.length);
    for (const match of found) {
      left.push(row);
      right.push(match);
    }
  }
  const pairs = { left: Int32Array.from(left), right: Int32Array.from(right) };
  return pairedTable(input, other.columns, pairs, lookup.call.columns ?? [], scope.compilation.budget);
}

/** Whether a row and a row of the lookup table have equal extra keys. */
function agreement(input: Table, other: Table, { extras, call }: Lookup): (row: number, match: number) => boolean {
  const pairs = extras.map((name) => {
    const [left, right] = [findColumn(input, name), findColumn(other, name)];
    if (!left || !right) throw queryFailed(`The column '${name}' does not exist in both tables.`, call);
    const keys = [left, right].map((column) => column.values().map((value) => groupKey(value, column.type)));
    return [keys[0] ?? [], keys[1] ?? []] as const;
  });
  return (row, match) => pairs.every(([left, right]) => left[row] === right[match]);
}

/** Rows by length of prefix and first address. */
type NetworkIndex = ReadonlyMap<number, ReadonlyMap<number, readonly number[]>>;

function indexNetworks(networks: readonly (Network | null)[]): NetworkIndex {
  const index = new Map<number, Map<number, number[]>>();
  networks.forEach((network, row) => {
    if (!network) return;
    const byFirst = index.get(network.bits) ?? new Map<number, number[]>();
    index.set(network.bits, byFirst);
    byFirst.set(network.first, [...(byFirst.get(network.first) ?? []), row]);
  });
  return index;
}

function matching(address: Network | null, index: NetworkIndex): number[] {
  if (!address) return [];
  return [...index].flatMap(([bits, byFirst]) => [
    ...(byFirst.get(masked(address.first, Math.min(bits, address.bits))) ?? []),
  ]);
}

/** `a.b.c.d` or `a.b.c.d/n`; null for anything else. */
function parseNetwork(value: Value): Network | null {
  const match = /^\s*(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?\s*$/.exec(
    typeof value === 'string' ? value : '',
  );
  if (!match) return null;
  const parts = match.slice(1, 5).map(Number);
  const bits = match[5] === undefined ? 32 : Number(match[5]);
  if (bits > 32 || parts.some((part) => part > 255)) return null;
  return {
    first: masked(
      parts.reduce((sum, part) => sum * 256 + part, 0),
      bits,
    ),
    bits,
  };
}

function masked(address: number, bits: number): number {
  const size = 2 ** (32 - bits);
  return Math.floor(address / size) * size;
}
