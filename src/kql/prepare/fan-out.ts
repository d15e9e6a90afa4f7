import { itemsOf, type KqlNode } from '../ast.ts';
import type { Changes } from './changing.ts';
import type { Fan, Flow } from './flow.ts';
import { type MadeColumn, namesAny } from './made-columns.ts';
import { nameText } from './nodes.ts';

/** What an operator that is no join makes. */
export interface Made {
  readonly columns: readonly MadeColumn[];
  readonly changes: Changes;
}

/** The fans behind an operator that is no join, with the columns that it makes of what already differs. `fans` have the new ids. */
export function fansBehind(operator: KqlNode, input: Flow, fans: readonly Fan[], made: Made): readonly Fan[] {
  const grown = fans.map((fan, index) => {
    const old = input.fans[index];
    return old ? grownFan(fan, old, input, made) : fan;
  });
  const isExpansion = operator.kind === 'MvExpandOperator' || operator.kind === 'MvApplyOperator';
  return isExpansion ? [...grown, expansion(operator, made)] : grown;
}

/** The elements of what is expanded tell its rows apart. */
function expansion(operator: KqlNode, made: Made): Fan {
  const columns = [...new Set([...made.columns.map(({ id }) => id), ...expandedColumns(operator)])];
  return { key: columns, columns, changing: [] };
}

/** A column that is made of what differs differs, too; where it is made of something that changes besides, it changes. */
function grownFan(fan: Fan, old: Fan, { changing }: Flow, made: Made): Fan {
  const steady = [...(old.key ?? []), ...old.columns];
  const others = changing.filter((id) => !steady.includes(id));
  const derived = made.columns.filter(({ source }) => namesAny(source, [...steady, ...old.changing]));
  const isChanging = ({ source }: MadeColumn): boolean => namesAny(source, others) || made.changes(source);
  const idsOf = (columns: readonly MadeColumn[]): readonly number[] => columns.map(({ id }) => id);
  return {
    key: fan.key,
    columns: [...new Set([...fan.columns, ...idsOf(derived.filter((column) => !isChanging(column)))])],
    changing: [...new Set([...fan.changing, ...idsOf(derived.filter(isChanging))])],
  };
}

/** `mv-expand A` keeps the name, and mostly the column. */
function expandedColumns(operator: KqlNode): readonly number[] {
  const names = itemsOf(operator, 'Expressions').map((item) => nameText(item));
  return (operator.columns ?? []).filter((column) => names.includes(column.name)).map((column) => column.id);
}
