import type { CompletionItem, Range } from 'vscode-languageserver';
import { columnsOfTable, defenderTables } from '../../kql/defender.ts';
import { COLUMN_SENTENCES, listedValues, TABLE_SENTENCES } from '../../kql/language/meanings.ts';
import { TACTICS, techniquesInUse } from '../../rules/attack/matrix.ts';
import { heldQueries } from '../look/held-queries.ts';
import type { Lookout } from '../look/lookout.ts';
import { type LinedText, linedText } from '../look/spans.ts';
import { columnPlace } from './column-places.ts';
import { placeInYaml, type YamlPlace } from './place-in-yaml.ts';
import { describeSchema, type SchemaNode, schemasAt, wordsOfSchema } from './schema-at.ts';
import { schemaOf } from './schema-of.ts';

const KIND = { field: 5, class: 7, property: 10, value: 12, word: 20 } as const;

interface Writing {
  readonly lined: LinedText;
  readonly offset: number;
  readonly place: YamlPlace;
}

/** What may be written at a place of a file that is no query: keys and words of the schema, columns, techniques, targets. */
export async function completeYaml(lookout: Lookout, file: string, offset: number): Promise<readonly CompletionItem[]> {
  const text = lookout.held.get(file) ?? '';
  const scope = await lookout.deps.scopeOf(file, lookout.held);
  const schema = schemaOf(file, text, scope);
  const found = schema && placeInYaml(text, offset);
  if (!schema || !found) return [];
  const place = asItem(found, schema);
  const writing = { lined: linedText(text), offset, place };
  const columns = columnItems(lookout, file, writing);
  if (columns !== null) return columns;
  const tested = testedItems(writing);
  if (tested !== null) return tested;
  if (place.part === 'key') return keyItems(writing, schema);
  const [first] = place.path;
  if (first === 'attack') return attackItems(writing);
  const isTargets = ['targets', 'defaultTargets'].includes(
    String(place.path.find((step) => typeof step === 'string' && /targets$/i.test(step)) ?? ''),
  );
  if (isTargets && place.path.at(-1) === 0) return wordItems(writing, scope.targets);
  return wordItems(writing, wordsOfSchema(schemasAt(schema, place.path)));
}

/** What begins an item of a list may be a key, or the item itself where the list holds no maps. */
function asItem(place: YamlPlace, schema: SchemaNode): YamlPlace {
  if (place.part === 'value' || place.path.at(-1) !== 0) return place;
  const nodes = schemasAt(schema, place.path);
  const holdsMaps = nodes.some(({ properties, type }) => properties !== undefined || type === 'object');
  return nodes.length === 0 || holdsMaps ? place : { ...place, part: 'value' };
}

function rangeOf({ lined, offset }: Writing, start: number): Range {
  return lined.range(start, offset);
}

function keyItems(writing: Writing, schema: SchemaNode): readonly CompletionItem[] {
  const { path, siblings, typed, start } = writing.place;
  const nodes = schemasAt(schema, path);
  const known = new Map(nodes.flatMap(({ properties = {} }) => Object.entries(properties)));
  const required = new Set(nodes.flatMap((node) => node.required ?? []));
  const range = rangeOf(writing, start);
  const colon = /^[^\S\n]*:/.test(writing.lined.text.slice(writing.offset)) ? '' : ': ';
  return [...known]
    .filter(([key]) => !siblings.includes(key) || key === typed)
    .map(([key, node]) => {
      const documentation = describeSchema(schemasAt(schema, [...path, key]));
      return {
        label: key,
        kind: KIND.property,
        sortText: `${required.has(key) ? 0 : 1}${key}`,
        textEdit: { range, newText: key + colon },
        ...(required.has(key) && { detail: 'required' }),
        ...(documentation !== null && { documentation }),
        ...(node.type === undefined ? {} : {}),
      };
    });
}

function wordItems(writing: Writing, words: readonly string[]): readonly CompletionItem[] {
  const range = rangeOf(writing, writing.place.start);
  return words.map((word, index) => ({
    label: word,
    kind: KIND.word,
    sortText: String(index).padStart(3, '0'),
    textEdit: { range, newText: word },
  }));
}

function attackItems(writing: Writing): readonly CompletionItem[] {
  const range = rangeOf(writing, writing.place.start);
  const named = [...TACTICS, ...techniquesInUse()].map(({ id, name }) => ({ id, name }));
  return named.map(({ id, name }) => ({
    label: id,
    kind: KIND.word,
    detail: name,
    filterText: `${id} ${name}`,
    textEdit: { range, newText: id },
  }));
}

/** Columns of the result of the rule's query, where one is written; null: none is. */
function columnItems(lookout: Lookout, file: string, writing: Writing): readonly CompletionItem[] | null {
  const at = columnPlace(writing.place);
  if (at === null) return null;
  const known = lookout.known.get(file)?.[queryIndex(file, writing)];
  const rest = writing.lined.text.slice(writing.offset, writing.offset + 4);
  const after = rest.startsWith(at.after.trim()) ? '' : at.after;
  const range = rangeOf(writing, at.start);
  return (known?.columns ?? []).map((name) => ({
    label: name,
    kind: KIND.field,
    textEdit: { range, newText: name + after },
    filterText: name,
    ...(COLUMN_SENTENCES[name] && { documentation: COLUMN_SENTENCES[name] }),
  }));
}

/** Of several rules in a file the one whose document it is. */
function queryIndex(file: string, { lined, offset }: Writing): number {
  const documents = (text: string): number => text.split(/^---(?:\s|$)/m).length;
  const queries = heldQueries(file, lined.text);
  const here = documents(lined.text.slice(0, offset));
  const found = queries.findIndex(({ start }) => documents(lined.text.slice(0, start)) === here);
  return Math.max(0, found);
}

/** In the events of a test: tables, their columns, and listed values; null: elsewhere. */
function testedItems(writing: Writing): readonly CompletionItem[] | null {
  const { path, part, start } = writing.place;
  const at = path.indexOf('tables');
  if (path[0] !== 'tests' || at < 0) return null;
  const [table, , column] = path.slice(at + 1).map(String);
  const range = rangeOf(writing, start);
  const toItem = (label: string, kind: (typeof KIND)[keyof typeof KIND], after: string, documentation?: string) => ({
    label,
    kind,
    textEdit: { range, newText: label + after },
    ...(documentation && { documentation }),
  });
  if (table === undefined) return defenderTables().map((name) => toItem(name, KIND.class, ': ', TABLE_SENTENCES[name]));
  if (part === 'value') return listedValues(column ?? '', [table]).map((value) => toItem(value, KIND.value, ''));
  const columns = (columnsOfTable(table) ?? []).filter(({ name }) => !writing.place.siblings.includes(name));
  return columns.map(({ name, type }) => ({ ...toItem(name, KIND.field, ': ', COLUMN_SENTENCES[name]), detail: type }));
}
