import type { KqlNode } from '../../kql/ast.ts';
import { childOf } from '../../kql/ast.ts';
import { expectParameters, parametersOf, parameterValue, required } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { unsupported } from '../problem.ts';
import { columnOf } from '../runtime/column.ts';
import { type Table, tableOf, withColumns } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { type ReducedText, reduceTexts } from './reduce-texts.ts';

const USUAL_THRESHOLD = 0.1;

/** `reduce by text`: texts that are alike as patterns, with how many rows each has and one of its texts. */
export function compileReduce(node: KqlNode, scope: Scope): TableStep {
  const parameters = parametersOf(node);
  expectParameters(node, parameters, ['kind']);
  const kind = parameterValue(parameters.get('kind'));
  if (kind !== null && kind !== 'source') throw unsupported(`reduce kind=${kind}`, node);
  const source = scope.compilation.expression(required(node, 'Expression'), scope);
  if (source.type !== 'string') throw unsupported(`reduce of ${source.type}`, node);
  const options = optionsOf(childOf(node, 'With'), scope);
  const threshold = Number(options.get('threshold') ?? USUAL_THRESHOLD);
  const characters = options.get('characters');
  const { budget } = scope.compilation;
  return (input) => {
    const get = source.bind(input);
    const texts = Array.from({ length: input.rowCount }, (_, row) => String(get(row) ?? ''));
    budget.tick(input.rowCount);
    const { groups, ofText } = reduceTexts(
      texts,
      { threshold, separators: typeof characters === 'string' ? characters : null },
      budget,
    );
    budget.spend(groups.length);
    if (kind === null) return tableOf(columnsOf(groups), groups.length);
    const own = texts.map((text) => ofText.get(text)).filter((group) => group !== undefined);
    return appended(input, own);
  };
}

/** The constants behind `with`. */
function optionsOf(clause: KqlNode | null, scope: Scope): ReadonlyMap<string, Value> {
  if (!clause) return new Map();
  const parameters = parametersOf(clause);
  expectParameters(clause, parameters, ['threshold', 'characters']);
  return new Map(
    [...parameters].map(([name, value]) => {
      const { constant } = scope.compilation.expression(value, scope);
      if (constant === undefined) throw unsupported(`'${name}' of reduce that is not constant`, value);
      return [name, constant] as const;
    }),
  );
}

function appended(input: Table, groups: readonly ReducedText[]): Table {
  return withColumns(input, [...input.columns, ...columnsOf(groups)]);
}

function columnsOf(groups: readonly ReducedText[]): Table['columns'] {
  return [
    columnOf(
      'Pattern',
      'string',
      groups.map(({ pattern }) => pattern),
    ),
    columnOf(
      'Count',
      'long',
      groups.map(({ count }) => count),
    ),
    columnOf(
      'Representative',
      'string',
      groups.map(({ representative }) => representative),
    ),
  ];
}
