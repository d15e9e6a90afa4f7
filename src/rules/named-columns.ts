import { pathSteps } from '../lib/text.ts';
import type { Rule } from './rule.ts';

/** A place where a rule names a column of its result. */
export interface NamedColumn {
  readonly column: string;
  /** Where a template names something in the column: the path, whole; it is the column's name where a result has one of that name. */
  readonly inside?: string;
  /** Where it stands; a key where `offset` is null, else so far in the text there. */
  readonly path: readonly (string | number)[];
  readonly offset: number | null;
  /** What names it, as it is told: `alert.title`. */
  readonly by: string;
}

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/dg;

/** Every column that a rule names outside its query, in the order of the file format's docs. */
export function namedColumns({
  name,
  description: prose,
  threshold,
  alert,
  exceptions,
  redact,
}: Rule): readonly NamedColumn[] {
  const { column, groupBy } = threshold;
  const { title, description, severityColumn, entities, details, dedupColumns } = alert;
  return [
    ...(column === null ? [] : [named(column, ['threshold', 'column'])]),
    ...groupBy.map((one, index) => named(one, ['threshold', 'groupBy', index])),
    // What the rule is called stands for a title that it does not have, and is a template as that is.
    ...(title === null ? inTemplate(name, ['name']) : inTemplate(title, ['alert', 'title'])),
    ...(description === null ? inTemplate(prose, ['description']) : inTemplate(description, ['alert', 'description'])),
    ...(severityColumn === null ? [] : [named(severityColumn, ['alert', 'severityColumn'])]),
    ...(entities ?? []).flatMap(({ fields }, index) =>
      Object.entries(fields).map(([field, one]) => named(one, ['alert', 'entities', index, field])),
    ),
    ...Object.entries(details).map(([key, one]) => named(one, ['alert', 'details', key])),
    ...(dedupColumns ?? []).map((one, index) => named(one, ['alert', 'dedup', 'columns', index])),
    ...(redact?.columns ?? []).map((one, index) => named(one, ['redact', 'columns', index])),
    ...exceptions.flatMap(({ where }, index) =>
      Object.keys(where).map((one) => ({ ...named(one, ['exceptions', index, 'where', one]), offset: null })),
    ),
  ];
}

function named(column: string, path: NamedColumn['path']): NamedColumn {
  return { column, path, offset: 0, by: path.filter((step) => typeof step === 'string').join('.') };
}

function inTemplate(text: string, path: NamedColumn['path']): readonly NamedColumn[] {
  return [...text.matchAll(PLACEHOLDER)]
    .map((match) => ({ ...atPath(match[1] ?? '', path), offset: match.indices?.[1]?.[0] ?? 0 }))
    .filter(({ column }) => column !== '');
}

function atPath(text: string, path: NamedColumn['path']): NamedColumn {
  const [column = '', ...steps] = pathSteps(text);
  return steps.length === 0 ? named(text, path) : { ...named(column, path), inside: text };
}
