import type { KqlColumn, KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import type { Expression, Getter } from '../compile/expression.ts';
import { expectParameters, parametersOf, parameterValue, required } from '../compile/nodes.ts';
import { childEnvironment, rowScope, type Scope, stepValue } from '../compile/scope.ts';
import { expressionOf } from '../operators/assignments.ts';
import { unsupported } from '../problem.ts';
import { columnOf, emptyValue } from '../runtime/column.ts';
import { type Table, tableOf } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import type { Graph, GraphColumns, GraphStep } from './graph.ts';
import { edgeProperty, elementBag, type GraphNames, type GraphView, graphCalls, nodeProperty } from './graph-calls.ts';
import { type Cycles, findMatches, newMatch, type Search } from './match.ts';
import { compilePattern, type Pattern, planSearch } from './pattern.ts';
import { type EdgeTest, type PatternFilter, splitFilters } from './pattern-filters.ts';
import { shortestTotals } from './shortest-paths.ts';

interface Compiled {
  readonly node: KqlNode;
  readonly pattern: Pattern;
  readonly conditions: readonly PatternFilter[];
  readonly tests: readonly { readonly edge: number; readonly expression: Expression }[];
  readonly outputs: readonly Expression[];
  readonly columns: readonly KqlColumn[];
  readonly scope: Scope;
  setView(view: GraphView): void;
  view(): GraphView;
}

const CYCLES: readonly Cycles[] = ['all', 'none', 'unique_edges'];

function cyclesOf(node: KqlNode, parameters: ReturnType<typeof parametersOf>): Cycles {
  const given = parameterValue(parameters.get('cycles'))?.toLowerCase() ?? 'unique_edges';
  const cycles = CYCLES.find((one) => one === given);
  if (!cycles) throw unsupported(`cycles=${given}`, node);
  return cycles;
}

/** `graph-match pattern where condition project columns`: a row for each place in the graph where the pattern fits. */
export function compileGraphMatch(node: KqlNode, columns: GraphColumns, scope: Scope): GraphStep {
  const parameters = parametersOf(node);
  expectParameters(node, parameters, ['cycles']);
  const cycles = cyclesOf(node, parameters);
  const compiled = compileParts(node, columns, scope);
  return (graph) =>
    run(graph, compiled, (search, rows) => {
      findMatches({ ...search, cycles, total: null, found: rows.take }, compiled.view().match);
    });
}

/** `graph-shortest-paths pattern where condition project columns`: of all paths between two nodes the shortest. */
export function compileShortestPaths(node: KqlNode, columns: GraphColumns, scope: Scope): GraphStep {
  const parameters = parametersOf(node);
  expectParameters(node, parameters, ['cycles', 'output']);
  const cycles = cyclesOf(node, parameters);
  const output = parameterValue(parameters.get('output'))?.toLowerCase() ?? 'any';
  if (output !== 'any' && output !== 'all') throw unsupported(`output=${output}`, node);
  const compiled = compileParts(node, columns, scope);
  const { edges } = compiled.pattern;
  const [first, last] = [edges[0]?.left ?? 0, edges.at(-1)?.right ?? 0];
  if (!edges.some(({ isPath }) => isPath)) throw unsupported('graph-shortest-paths without a variable length', node);
  return (graph) =>
    run(graph, compiled, (search, rows) => {
      const lengths = shortestTotals();
      const { match } = compiled.view();
      const [least, most] = [
        edges.reduce((sum, one) => sum + one.least, 0),
        edges.reduce((sum, one) => sum + one.most, 0),
      ];
      for (let total = least; total <= most; total += 1) {
        const found = (): void => {
          const isShortest = lengths.admits(match.nodes[first] ?? -1, match.nodes[last] ?? -1, total, output === 'all');
          if (isShortest) rows.take();
        };
        const reached = findMatches({ ...search, cycles, total, found }, match);
        if (!reached && total > 0) break;
      }
    });
}

function compileParts(node: KqlNode, columns: GraphColumns, scope: Scope): Compiled {
  const pattern = compilePattern(node, scope);
  let current: GraphView | null = null;
  const view = (): GraphView => {
    if (!current) throw unsupported('a graph expression outside its graph', node);
    return current;
  };
  const names: GraphNames = { pattern, view, nodeColumns: columns.nodes, edgeColumns: columns.edges };
  const inner: Scope = {
    ...rowScope(scope, []),
    environment: childEnvironment(scope.environment),
    graph: graphCalls(names),
  };
  declareProperties(names, inner);
  const where = childOf(node, 'WhereClause');
  const { conditions, tests } = splitFilters(where ? required(where, 'Condition') : null, pattern, inner);
  const items = itemsOf(required(node, 'ProjectClause'), 'Expressions');
  const outputs = items.map((item) => inner.compilation.expression(expressionOf(item), inner));
  return {
    node,
    pattern,
    conditions,
    tests: tests.map((test) => ({ edge: test.edge, expression: compileTest(test, columns, inner) })),
    outputs,
    columns: (node.columns ?? []).map((column) => (column.type === 'tuple' ? { ...column, type: 'dynamic' } : column)),
    scope,
    setView: (next) => {
      current = next;
    },
    view,
  };
}

function compileTest({ test }: EdgeTest, columns: GraphColumns, scope: Scope): Expression {
  return scope.compilation.expression(test, { ...rowScope(scope, columns.edges), graph: scope.graph });
}

/** `a.name` for every named node and edge, and every property that it may have; `a` for all of them. */
function declareProperties({ pattern, view, nodeColumns, edgeColumns }: GraphNames, scope: Scope): void {
  const { names } = scope.environment;
  const declare = (variable: string, column: string, expression: Expression): void => {
    names.set(stepValue(variable, column), { kind: 'scalar', expression, rows: scope.rows });
  };
  const declareBag = (variable: string, expression: Expression): void => {
    names.set(variable, { kind: 'scalar', expression, rows: scope.rows });
  };
  for (const [variable, index] of pattern.nodeNames) {
    for (const { name, type } of nodeColumns) declare(variable, name, nodeProperty(view, index, name, type));
    const node = (): readonly number[] => [view().match.nodes[index] ?? -1];
    declareBag(
      variable,
      elementBag(() => view().graph.nodes, nodeColumns, node, false),
    );
  }
  pattern.edges.forEach(({ name: variable, isPath }, index) => {
    if (variable === null) return;
    for (const column of edgeColumns) declare(variable, column.name, edgeProperty(view, index, isPath, column));
    const edges = (): readonly number[] => view().match.paths[index] ?? [];
    declareBag(
      variable,
      elementBag(() => view().graph.edges, edgeColumns, edges, isPath),
    );
  });
}

interface Rows {
  take(): void;
}

type RunSearch = (search: Omit<Search, 'cycles' | 'total' | 'found'>, rows: Rows) => void;

function run(graph: Graph, compiled: Compiled, runSearch: RunSearch): Table {
  const { pattern, node, scope, outputs, columns } = compiled;
  const { budget } = scope.compilation;
  compiled.setView({ graph, match: newMatch(pattern), degrees: degreesOf(graph) });
  const steps = planSearch(pattern, 0, node);
  const getters = outputs.map((output, index) => outputGetter(output, columns[index]?.type ?? output.type));
  const values: Value[][] = columns.map(() => []);
  const take = (): void => {
    budget.spend(1);
    getters.forEach((get, index) => {
      values[index]?.push(get(0));
    });
  };
  const filters = filtersOf(compiled, steps);
  runSearch({ graph, pattern, start: 0, steps, budget, ...filters }, { take });
  const count = values[0]?.length ?? 0;
  return tableOf(
    columns.map(({ name, type }, index) => columnOf(name, type, values[index] ?? [])),
    count,
  );
}

function outputGetter(output: Expression, type: string): Getter {
  const get = output.bind(NOTHING);
  const convert = output.type === type ? null : converter(output.type, type);
  return (row) => (convert ? convert(get(row)) : get(row)) ?? emptyValue(type);
}

const NOTHING: Table = tableOf([], 1);

function degreesOf({ nodes, sources, targets }: Graph): GraphView['degrees'] {
  const degrees = { in: new Int32Array(nodes.rowCount), out: new Int32Array(nodes.rowCount) };
  for (const node of sources) degrees.out[node] = (degrees.out[node] ?? 0) + 1;
  for (const node of targets) degrees.in[node] = (degrees.in[node] ?? 0) + 1;
  return degrees;
}

/** Conditions are looked at as soon as what they read is bound: those of one node or one edge before it is taken. */
function filtersOf(
  { conditions, tests, view, pattern }: Compiled,
  steps: readonly { readonly edge: number }[],
): Pick<Search, 'acceptsNode' | 'acceptsEdge' | 'holds'> {
  const { graph, match } = view();
  const ready = readiness(conditions, pattern, steps);
  const getters = conditions.map(({ expression }) => expression.bind(NOTHING));
  const edgeTests = tests.map(({ edge, expression }) => ({ edge, get: expression.bind(graph.edges) }));
  const isLocal = conditions.map(({ nodes, edges }) => nodes.size === 1 && edges.size === 0);
  return {
    acceptsNode(variable, node) {
      const before = match.nodes[variable] ?? -1;
      match.nodes[variable] = node;
      const accepted = conditions.every(
        ({ nodes }, index) => !isLocal[index] || !nodes.has(variable) || getters[index]?.(0) === true,
      );
      match.nodes[variable] = before;
      return accepted;
    },
    acceptsEdge: (variable, edge) => edgeTests.every((test) => test.edge !== variable || test.get(edge) === true),
    holds: (step) =>
      conditions.every((_, index) => isLocal[index] || ready[index] !== step || getters[index]?.(0) === true),
  };
}

/** After how many steps each condition can be told. */
function readiness(
  conditions: readonly PatternFilter[],
  { edges }: Pattern,
  steps: readonly { readonly edge: number }[],
): number[] {
  return conditions.map((condition) => {
    const open = new Set(
      [...condition.nodes].map((node) => `n${node}`).concat([...condition.edges].map((edge) => `e${edge}`)),
    );
    open.delete('n0');
    if (open.size === 0) return 0;
    for (const [index, { edge }] of steps.entries()) {
      open.delete(`e${edge}`);
      open.delete(`n${edges[edge]?.left}`);
      open.delete(`n${edges[edge]?.right}`);
      if (open.size === 0) return index + 1;
    }
    return steps.length;
  });
}
