import type { Column } from '../../kql/types.ts';
import { nearest } from '../../lib/nearest.ts';
import { type NamedColumn, namedColumns } from '../named-columns.ts';
import type { Rule } from '../rule.ts';
import type { LintCheck, Remark } from './check.ts';

const MOST_NAMES = 30;

/** A name that the result does not have stays empty in alerts, matches no exception and tells no rows apart. */
export const columnMissing: LintCheck = {
  id: 'column-missing',
  description:
    'A column that a template, `details`, `entities`, `dedup.columns`, `groupBy`, the threshold, `severityColumn` or an exception names and the query does not return, and paths into columns that hold nothing; a warning where the query may return more than is known.',
  why: 'A name that the result does not have stays empty in titles, matches no exception and tells no hits apart.',
  mend: 'Write the column as the query returns it, or let the query return it.',
  severity: 'error',
  analyzed: true,
  refuses: [],
  check: (rule, { prepared }) => {
    const { columns, openColumns = [] } = prepared;
    const known = columns?.map(({ name }) => name) ?? openColumns;
    const asked = writtenColumns(rule).filter(({ inside }) => inside === undefined || !known.includes(inside));
    return asked.flatMap((one): Remark[] => {
      if (known.includes(one.column)) return flatRemark(one, columns ?? [], rule);
      if (columns)
        return [
          {
            place: placeOf(one, rule),
            message: messageOf(one, 'does not return'),
            suggestion: suggestionOf(one, known),
          },
        ];
      // Only a slip is worth a word: the rest of an open result is not known.
      const near = nearest(one.column, known);
      if (near === null) return [];
      const message = messageOf(one, 'may not return');
      const suggestion = `Did you mean "${near}"? What else it returns is not known.`;
      return [{ place: placeOf(one, rule), message, suggestion, severity: 'warning' }];
    });
  },
};

/** Asked for where something is said only: a file is parsed again for it. */
function placeOf({ path, offset }: NamedColumn, { map }: Rule): Remark['place'] {
  return offset === null ? map.placeOf(path) : map.textPlace(path, offset);
}

/** Files of other products name no columns to tell hits apart: those are taken from titles and assets, where they are told. */
function writtenColumns(rule: Rule): readonly NamedColumn[] {
  const named = namedColumns(rule);
  if (rule.origin === undefined) return named;
  const isDedup = ({ by }: NamedColumn): boolean => by === 'alert.dedup.columns';
  const others = named.filter((one) => !isDedup(one)).map(({ column }) => column);
  return named.filter((one) => !isDedup(one) || !others.includes(one.column));
}

/** Bags, and texts that may be JSON, hold something; numbers, times and the like do not. */
const NESTED_TYPES: readonly string[] = ['dynamic', 'string', 'unknown'];

function flatRemark(named: NamedColumn, columns: readonly Column[], rule: Rule): Remark[] {
  const { column, inside, by } = named;
  const type = columns.find(({ name }) => name === column)?.type;
  if (inside === undefined || type === undefined || NESTED_TYPES.includes(type)) return [];
  const message = `"${by}" names "${inside}", and the column "${column}" is of the type ${type}, which has nothing in it.`;
  return [
    { place: placeOf(named, rule), message, suggestion: `Write {{${column}}}, or name a column that holds a bag.` },
  ];
}

function messageOf({ column, by }: NamedColumn, verb: string): string {
  return `"${by}" names the column "${column}", which the query ${verb}.`;
}

function suggestionOf({ column }: NamedColumn, known: readonly string[]): string {
  const near = nearest(column, known);
  const more = known.length > MOST_NAMES ? `, and ${known.length - MOST_NAMES} more` : '';
  const list = `It returns ${known.slice(0, MOST_NAMES).join(', ')}${more}.`;
  return near === null ? list : `Did you mean "${near}"? ${list}`;
}
