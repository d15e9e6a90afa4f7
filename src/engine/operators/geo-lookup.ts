import type { KqlNode } from '../../kql/ast.ts';
import { argumentsOf } from '../../kql/ast.ts';
import { type Expression, evaluateOnce, type Getter } from '../compile/expression.ts';
import { nameOf } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { hasPosition, pointInPolygon } from '../functions/geo/measures.ts';
import { isNearLine } from '../functions/geo/nearness.ts';
import { distanceToPolygon } from '../functions/geo/polygon-measures.ts';
import { queryFailed, unsupported } from '../problem.ts';
import { findColumn, type Table } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { pairedTable } from './join.ts';
import { pluginOptions } from './plugins/plugin-options.ts';

/** Whether a shape of the lookup table belongs to a place; null where it is no shape. */
type Belongs = (longitude: number, latitude: number, shape: Value) => Value;

interface Lookup {
  readonly longitude: Expression;
  readonly latitude: Expression;
  /** The column with the shapes. */
  readonly column: string;
  readonly keepLeft: boolean;
  readonly keepKey: boolean;
  readonly belongs: () => Belongs;
  readonly call: KqlNode;
}

/** By place, or by name; `lookup_area_radius` only steers how the service searches. */
const OPTIONS = ['return_unmatched', 'lookup_area_radius', 'return_lookup_key'];

/** `evaluate geo_polygon_lookup(shapes, polygon, longitude, latitude, meters)`: rows beside the shapes that they lie in, or near to. */
export function compilePolygonLookup(call: KqlNode, scope: Scope): TableStep {
  const options = pluginOptions(argumentsOf(call).slice(4), ['radius', ...OPTIONS], 'geo_polygon_lookup', scope);
  const radius = options.get('radius') ?? null;
  return compileShapeLookup(call, scope, options, () => (longitude, latitude, shape) => {
    if (radius === null) return pointInPolygon(longitude, latitude, shape);
    const meters = distanceToPolygon(longitude, latitude, shape);
    return typeof meters === 'number' && meters <= Number(radius);
  });
}

/** `evaluate geo_line_lookup(shapes, line, longitude, latitude, meters)`: rows beside the lines that they are near to. */
export function compileLineLookup(call: KqlNode, scope: Scope): TableStep {
  const [, , , , radiusNode, ...others] = argumentsOf(call);
  const radius = radiusNode && scope.compilation.expression(radiusNode, scope);
  const options = pluginOptions(others, OPTIONS, 'geo_line_lookup', scope);
  return compileShapeLookup(call, scope, options, () => {
    const meters = Number(radius ? evaluateOnce(radius) : 0);
    return (longitude, latitude, shape) => isNearLine(longitude, latitude, shape, meters);
  });
}

function compileShapeLookup(
  call: KqlNode,
  scope: Scope,
  options: ReadonlyMap<string, Value>,
  belongs: () => Belongs,
): TableStep {
  const [table, key, ...places] = argumentsOf(call).slice(0, 4);
  const [longitude, latitude] = places.map((node) => scope.compilation.expression(node, scope));
  if (!table || !key || !longitude || !latitude) throw unsupported('this form of the plugin', call);
  const plan = scope.compilation.table(table, scope);
  const column = key.reference?.name || nameOf(key);
  const lookup = {
    ...{ longitude, latitude, column, belongs, call },
    keepLeft: options.get('return_unmatched') === true,
    keepKey: options.get('return_lookup_key') === true,
  };
  return (input) => lookUpShapes(input, plan(), lookup, scope);
}

function lookUpShapes(input: Table, other: Table, lookup: Lookup, scope: Scope): Table {
  const shapes = findColumn(other, lookup.column)?.values();
  if (!shapes) throw queryFailed(`The column '${lookup.column}' does not exist in the lookup table.`, lookup.call);
  const { budget } = scope.compilation;
  const [longitude, latitude] = [realOf(lookup.longitude.bind(input)), realOf(lookup.latitude.bind(input))];
  const belongs = lookup.belongs();
  const left: number[] = [];
  const right: number[] = [];
  for (let row = 0; row < input.rowCount; row += 1) {
    budget.tick(shapes.length * 16);
    const [x, y] = [longitude(row), latitude(row)];
    const found = hasPosition(x, y) ? shapes.flatMap((shape, at) => (belongs(x, y, shape) === true ? [at] : [])) : [];
    if (found.length === 0 && lookup.keepLeft) found.push(-1);
    budget.spend(found.length);
    for (const match of found) {
      left.push(row);
      right.push(match);
    }
  }
  const pairs = { left: Int32Array.from(left), right: Int32Array.from(right) };
  const kept = lookup.keepKey ? other.columns : other.columns.filter(({ name }) => name !== lookup.column);
  return pairedTable(input, kept, pairs, lookup.call.columns ?? [], budget);
}

function realOf(get: Getter): (row: number) => number {
  return (row) => {
    const value = get(row);
    return typeof value === 'number' ? value : Number.NaN;
  };
}
