import type { KqlNode } from '../../kql/ast.ts';
import { argumentsOf } from '../../kql/ast.ts';
import type { Expression } from '../compile/expression.ts';
import { nameOf } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { isInRange } from '../functions/ipv6.ts';
import { queryFailed, unsupported } from '../problem.ts';
import { findColumn, type Table } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { pairedTable } from './join.ts';
import { pluginOptions } from './plugins/plugin-options.ts';

interface Lookup {
  readonly source: Expression;
  readonly column: string;
  readonly keepLeft: boolean;
  readonly call: KqlNode;
}

/** `evaluate ipv6_lookup(networks, address, network)`: rows beside the rows of the table whose network, IPv6 or IPv4, holds their address. */
export function compileIpv6Lookup(call: KqlNode, scope: Scope): TableStep {
  const [table, address, network, ...options] = argumentsOf(call);
  if (!table || !address || !network) throw unsupported('ipv6_lookup() without three arguments', call);
  const told = pluginOptions(options, ['return_unmatched'], 'ipv6_lookup', scope);
  const plan = scope.compilation.table(table, scope);
  const lookup: Lookup = {
    source: scope.compilation.expression(address, scope),
    column: network.reference?.name || nameOf(network),
    keepLeft: told.get('return_unmatched') === true,
    call,
  };
  return (input) => lookUpNetworks(input, plan(), lookup, scope);
}

function lookUpNetworks(input: Table, other: Table, { source, column, keepLeft, call }: Lookup, scope: Scope): Table {
  const networks = findColumn(other, column)?.values();
  if (!networks) throw queryFailed(`The column '${column}' does not exist in the lookup table.`, call);
  const { budget } = scope.compilation;
  const get = source.bind(input);
  const left: number[] = [];
  const right: number[] = [];
  for (let row = 0; row < input.rowCount; row += 1) {
    budget.tick(networks.length);
    const found = matching(get(row), networks);
    if (found.length === 0 && keepLeft) found.push(-1);
    budget.spend(found.length);
    for (const match of found) {
      left.push(row);
      right.push(match);
    }
  }
  const pairs = { left: Int32Array.from(left), right: Int32Array.from(right) };
  return pairedTable(input, other.columns, pairs, call.columns ?? [], budget);
}

function matching(address: Value, networks: readonly Value[]): number[] {
  if (typeof address !== 'string') return [];
  return networks.flatMap((network, at) =>
    typeof network === 'string' && isInRange(address, network) === true ? [at] : [],
  );
}
