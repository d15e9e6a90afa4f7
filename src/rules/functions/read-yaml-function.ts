import type { Problem } from '../../lib/errors.ts';
import type { Path, YamlDocument } from '../../lib/yaml/parse-yaml.ts';
import { queryComments } from '../query-code.ts';
import { queryText, textList, type VendorMap, vendorMap, vendorMaps } from '../readers/vendor/vendor-map.ts';
import { bodyEnd, FUNCTION_NAME, type SavedFunction } from './saved-function.ts';

/** What functions and parsers of Sentinel's public repository are called by; every name that a file gives counts. */
const NAMES = ['FunctionName', 'FunctionAlias', 'ParserName', 'EquivalentBuiltInParser', 'EquivalentBuiltInFunction'];

const QUERIES = ['FunctionQuery', 'ParserQuery'];

interface FunctionReading {
  readonly document: YamlDocument;
  readonly problems: Problem[];
}

/** The functions of a YAML document in the forms of Sentinel's repository, one for each of its names; none where it holds no function at all. */
export function readYamlFunction(document: YamlDocument): {
  readonly functions: readonly SavedFunction[];
  readonly problems: readonly Problem[];
} {
  const map = vendorMap(document.value, []);
  const key = [...QUERIES, ...(map.has('FunctionAlias') ? ['Query'] : [])].find((one) => map.has(one));
  if (key === undefined) return { functions: [], problems: [] };
  const reading: FunctionReading = { document, problems: [] };
  const query = queryText(map.value(key));
  if (query === null || bodyEnd(query) === 0) refuse(reading, map.at(key), `"${key}" holds no query.`);
  else if (swallowsCode(document, map.at(key), query))
    refuse(reading, map.at(key), 'A comment takes in the next line, because YAML joins the lines: write "|".');
  const names = namesOf(reading, map);
  const parameters = parametersOf(reading, map);
  if (query === null || reading.problems.length > 0) return { functions: [], problems: reading.problems };
  const { file } = document;
  const place = (offset: number) => document.textPlace(map.at(key), offset);
  const head = document.valuePlace([]);
  const body = query.slice(0, bodyEnd(query));
  return {
    functions: names.map((name) => Object.freeze({ name, file, parameters, body, head, place })),
    problems: [],
  };
}

function swallowsCode(document: YamlDocument, path: Path, query: string): boolean {
  const folds = document.folds(path) ?? [];
  return folds.length > 0 && queryComments(query).some(({ start, end }) => folds.some((at) => at > start && at < end));
}

function refuse({ document, problems }: FunctionReading, path: Path, message: string): void {
  problems.push({ file: document.file, ...document.valuePlace(path), code: 'RULE_INVALID', message });
}

/** A title that is no name stands beside an alias that is one. */
function namesOf(reading: FunctionReading, map: VendorMap): readonly string[] {
  const given = NAMES.flatMap((key) => textList(map.value(key)));
  const names = [...new Set(given)].filter((name) => FUNCTION_NAME.test(name));
  if (names.length === 0) refuse(reading, [], 'The function has no name: give FunctionName or FunctionAlias.');
  return names;
}

function parametersOf(reading: FunctionReading, map: VendorMap): string {
  const key = ['FunctionParams', 'ParserParams'].find((one) => map.has(one));
  if (key === undefined) return `(${textList(map.value('FunctionParameters')).join(', ')})`;
  const list = vendorMaps(map.value(key), map.at(key));
  return `(${list.map((parameter) => parameterOf(reading, parameter)).join(', ')})`;
}

const SCALARS =
  /^(?:string|bool|boolean|int|long|real|double|decimal|datetime|date|timespan|time|dynamic|guid|uuid|uniqueid)$/i;
const TYPES = 'string, bool, int, long, real, decimal, datetime, timespan, dynamic, guid or table';
const TABULAR = /^(?:table\s*:?\s*)?\([^(){};"']*\)$/i;

/** A table's columns may stand behind the name, as in `T:(TimeGenerated:datetime)`. */
function parameterOf(reading: FunctionReading, map: VendorMap): string {
  const given = textList(map.value('Name'))[0] ?? '';
  const [, name = given, columns = null] = /^(\w+)\s*:\s*(\([^(){};"']*\))$/.exec(given) ?? [];
  const type = columns ?? textList(map.value('Type'))[0] ?? '';
  if (!FUNCTION_NAME.test(name)) refuse(reading, map.at('Name'), `The parameter "${name}" is no name.`);
  if (/^table$/i.test(type)) return `${name}:(*)`;
  if (TABULAR.test(type)) return `${name}:${type.replace(/^table\s*:?\s*/i, '')}`;
  if (!SCALARS.test(type)) refuse(reading, map.at('Type'), `"${type}" is no type of a parameter: ${TYPES}.`);
  const value = defaultOf(type, map.value('Default'));
  return value === null ? `${name}:${type}` : `${name}:${type}=${value}`;
}

/** A default as a literal: a text that brings no quotes gets them, all else is the language's own already. */
function defaultOf(type: string, value: unknown): string | null {
  if (value === undefined) return null;
  const text = typeof value === 'string' ? value.trim() : String(value);
  const isQuoted = /^[hH]?@?(["'])[^\r\n]*\1$/.test(text);
  return type.toLowerCase() === 'string' && !isQuoted ? JSON.stringify(text) : text;
}
