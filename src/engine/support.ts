import { AGGREGATES } from './aggregates/registry.ts';
import { ROW_PICKERS } from './compile/calls/call.ts';
import { SPECIAL_FORMS } from './compile/calls/special-forms.ts';
import { OPERATOR_FUNCTIONS as SCALAR_OPERATORS } from './functions/operators.ts';
import { SCALAR_FUNCTIONS } from './functions/registry.ts';
import { GRAPH_OPERATORS } from './graph/compile-graph.ts';
import { GRAPH_FUNCTIONS } from './graph/graph-calls.ts';
import { PLUGINS } from './operators/evaluate.ts';
import { ORIGINS } from './operators/origins.ts';
import { TABULAR_OPERATORS } from './operators/registry.ts';
import { REASONS } from './reasons.ts';

/** What the engine runs, by its names in the language, sorted. */
export interface Support {
  readonly operators: readonly string[];
  readonly plugins: readonly string[];
  readonly scalarOperators: readonly string[];
  readonly functions: readonly string[];
  readonly aggregates: readonly string[];
}

/** Words of the language for the parser's kinds. */
const WORDS: Readonly<Record<string, string>> = {
  FilterOperator: 'where',
  GetSchemaOperator: 'getschema',
  TakeOperator: 'take',
  DataTableExpression: 'datatable',
  ExternalDataExpression: 'externaldata',
  ReduceByOperator: 'reduce',
};

/** `MvExpandOperator` becomes `mv-expand`. */
function wordOf(kind: string): string {
  const stem = kind.replace(/Operator$/, '').replace(/([a-z])([A-Z])/g, '$1-$2');
  return WORDS[kind] ?? stem.toLowerCase();
}

/** The registries as lists, for the support matrix in the docs. */
export function supportOf(): Support {
  const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();
  return {
    operators: sorted(
      [...TABULAR_OPERATORS.keys(), ...ORIGINS.keys(), ...GRAPH_OPERATORS].map(wordOf).concat('as', 'facet', 'fork'),
    ),
    plugins: sorted(PLUGINS.keys()),
    scalarOperators: sorted([
      ...SCALAR_OPERATORS.keys(),
      'and',
      'or',
      'between',
      '!between',
      'in',
      'in~',
      '!in',
      '!in~',
    ]).filter((name) => name !== 'negate' && name !== 'tostring'),
    functions: sorted([
      ...SCALAR_FUNCTIONS.keys(),
      ...SPECIAL_FORMS.keys(),
      ...GRAPH_FUNCTIONS,
      ...['toscalar', 'materialize', 'table', 'database'],
    ]),
    aggregates: sorted([...AGGREGATES.keys(), ...ROW_PICKERS, 'percentiles', 'percentilesw']),
  };
}

/** The page of the docs. */
export function supportPage(support: Support): string {
  const list = (title: string, names: readonly string[]): string =>
    `## ${title} (${names.length})\n\n${names.map((name) => `\`${name}\``).join(', ')}\n`;
  return [
    '# What the local engine supports\n',
    'Generated from the registries by `node scripts/generate.mjs`; a test says when it is out of date.',
    'All else is refused with `KQL_UNSUPPORTED`. Answers that differ: [kql-differences.md](kql-differences.md).\n',
    list('Tabular operators', support.operators),
    list('Plugins of evaluate', support.plugins),
    list('Scalar operators', support.scalarOperators),
    list('Functions', support.functions),
    list('Aggregates', support.aggregates),
    '## Not supported, and why\n',
    '| reason | names |',
    '|---|---|',
    ...REASONS.map(([reason, names]) => `| ${reason} | ${names.map((name) => `\`${name}\``).join(', ')} |`),
    '',
  ].join('\n');
}
