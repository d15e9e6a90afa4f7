import type { CompletionItem, Range } from 'vscode-languageserver';
import { columnsOfTable } from '../../kql/defender.ts';
import { COLUMN_SENTENCES, FUNCTION_SENTENCES, listedValues, TABLE_SENTENCES } from '../../kql/language/meanings.ts';
import type { CodeCompletion } from '../../kql/parser/code-view.ts';
import type { QuerySpot } from '../look/query-spot.ts';
import { rangeInFile } from '../look/query-spot.ts';
import { tablesNamedIn, typedValueAt } from './typed-value.ts';

/** Numbers of the protocol for kinds of completion. */
const KIND = {
  function: 3,
  field: 5,
  variable: 6,
  class: 7,
  property: 10,
  value: 12,
  keyword: 14,
  operator: 24,
  type: 25,
} as const;
type ItemKind = (typeof KIND)[keyof typeof KIND];

const KINDS: Readonly<Record<string, ItemKind>> = {
  Column: KIND.field,
  Table: KIND.class,
  MaterialiedView: KIND.class,
  BuiltInFunction: KIND.function,
  LocalFunction: KIND.function,
  DatabaseFunction: KIND.function,
  AggregateFunction: KIND.function,
  Parameter: KIND.variable,
  Variable: KIND.variable,
  ScalarType: KIND.type,
  Option: KIND.property,
  Keyword: KIND.keyword,
  QueryPrefix: KIND.keyword,
  TabularPrefix: KIND.keyword,
  TabularSuffix: KIND.keyword,
  ScalarInfix: KIND.operator,
};

/** What may stand at an offset of a query: what the parser knows of this point of the pipe, and in a text what its column may hold. */
export function queryCompletions(spot: QuerySpot, offset: number, snippets: boolean): readonly CompletionItem[] {
  const { query, view, base } = spot;
  const value = typedValueAt(query.text, offset);
  if (value !== null) return valueItems(spot, value);
  const { items, start, end } = view.complete(base + offset);
  const range = start === end ? emptyRange(spot, offset) : rangeInFile(spot, { start, end });
  if (range === null) return [];
  const types = typesOf(spot);
  return items.flatMap((item) => toItem(spot, item, { range, snippets, types }));
}

/** Behind a blank at the end of a line the cursor is where the file has it. */
function emptyRange({ lined, query }: QuerySpot, offset: number): Range {
  const at = query.toSource(offset);
  return lined.range(at, at);
}

function valueItems(
  spot: QuerySpot,
  { column, start, end }: { column: string; start: number; end: number },
): readonly CompletionItem[] {
  const tables = tablesNamedIn(spot.query.text);
  const range =
    start === end ? emptyRange(spot, start) : rangeInFile(spot, { start: spot.base + start, end: spot.base + end });
  if (range === null) return [];
  return listedValues(column, tables).map((value) => ({
    label: value,
    kind: KIND.value,
    detail: column,
    textEdit: { range, newText: value },
  }));
}

interface ItemPlace {
  readonly range: Range;
  readonly snippets: boolean;
  /** Of columns, by name. */
  readonly types: ReadonlyMap<string, string>;
}

function toItem(
  spot: QuerySpot,
  item: CodeCompletion,
  { range, snippets, types }: ItemPlace,
): readonly CompletionItem[] {
  const { label, order } = item;
  const kind = KINDS[item.kind] ?? KIND.keyword;
  const isName = kind === KIND.field || kind === KIND.class || kind === KIND.variable;
  const before = isName ? item.before.trimEnd() : item.before.replace(/\( +$/, '(');
  const after = item.after.replace(/^ +\)/, ')');
  const newText = written(spot, before, snippets && after !== '' ? after : null, after);
  if (newText === null) return [];
  const isSnippet = snippets && after !== '';
  const documentation = sentenceOf(item);
  return [
    {
      label,
      kind,
      sortText: order,
      textEdit: { range, newText },
      ...(isSnippet && { insertTextFormat: 2 as const }),
      ...detailOf(types, item),
      ...(documentation && { documentation }),
    },
  ];
}

/** Lines of a block begin behind its indentation; what YAML would have to escape elsewhere is not offered there. */
function written({ query }: QuerySpot, before: string, snippet: string | null, after: string): string | null {
  const text = snippet === null ? before + after : `${escaped(before)}$0${escaped(snippet)}`;
  if (query.indent !== null) return text.replaceAll('\n', `\n${' '.repeat(query.indent)}`);
  return /["'\\\n]/.test(text) ? null : text;
}

function escaped(text: string): string {
  return text.replace(/[\\$}]/g, String.raw`\$&`);
}

function typesOf({ known }: QuerySpot): ReadonlyMap<string, string> {
  const columns = (known?.tables ?? []).flatMap((table) => columnsOfTable(table) ?? []);
  return new Map([...columns].reverse().map(({ name, type }) => [name, type]));
}

function detailOf(types: ReadonlyMap<string, string>, { kind, label }: CodeCompletion): Pick<CompletionItem, 'detail'> {
  const type = kind === 'Column' ? types.get(label) : undefined;
  return type ? { detail: type } : {};
}

function sentenceOf({ kind, label }: CodeCompletion): string | undefined {
  if (kind === 'Table') return TABLE_SENTENCES[label];
  if (kind === 'Column') return COLUMN_SENTENCES[label];
  return FUNCTION_SENTENCES[label.replace(/\(.*$/, '')];
}
