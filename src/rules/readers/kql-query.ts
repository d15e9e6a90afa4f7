import { basename, extname } from 'node:path';
import { positionAt } from '../../kql/sent-query.ts';
import { kqlTokens } from '../../kql/tokens.ts';
import type { Path, Place, YamlDocument } from '../../lib/yaml/parse-yaml.ts';
import type { RawRule } from '../read/raw.ts';
import { readRule } from '../read-rule.ts';
import { SEVERITIES, type Severity } from '../rule.ts';
import type { ReadRule } from './reader.ts';
import { attackIds } from './vendor/attack-ids.ts';
import { vendorId, vendorName } from './vendor/vendor-words.ts';

export const KQL_EXTENSIONS: readonly string[] = ['.kql', '.csl'];

/** A query of a file, from one offset to another, with what comments in front of it say. */
interface KqlQuery {
  readonly from: number;
  readonly to: number;
  readonly said: ReadonlyMap<string, string>;
}

/**
 * Bare queries as rules: a file is one, or several with empty lines between, as sigma-cli writes what pySigma makes of Sigma rules.
 * A query says neither when it runs nor how severe it is: each is on probation, once an hour, medium, unless comments in front of it
 * (`// title: …`, `id`, `level`, `author`, `tags`) say more.
 */
export function readKqlQueries(file: string, given: string): readonly ReadRule[] {
  const text = given.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const queries = kqlQueriesIn(text);
  if (kqlTokens(text).length === 0) return [refusal(file)];
  return queries.map((query, at) => readQuery(file, text, query, queries.length > 1 ? at + 1 : null));
}

/** Paragraphs that each begin with a table and a pipe are queries of their own; any other text is one. */
export function kqlQueriesIn(text: string): readonly KqlQuery[] {
  const paragraphs = [...text.matchAll(/\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*/g)].map(({ 0: part, index }) => ({
    from: index,
    to: index + part.length,
  }));
  const areQueries = paragraphs.every(({ from, to }) => {
    const [table, pipe] = kqlTokens(text.slice(from, to));
    return table?.kind === 'word' && table.text !== 'let' && pipe?.text === '|';
  });
  const spans = areQueries && paragraphs.length > 0 ? paragraphs : [{ from: 0, to: text.trimEnd().length }];
  return spans.map((span) => withoutHead(text, span));
}

const SAID = /^\s*\/\/\s*(title|id|level|author|tags)\s*:\s*(.*?)\s*$/i;

/** The lines of comments at the head that say something of the rule are no part of the query. */
function withoutHead(text: string, span: { readonly from: number; readonly to: number }): KqlQuery {
  const said = new Map<string, string>();
  let { from } = span;
  for (const line of text.slice(span.from, span.to).split('\n')) {
    const [, key = '', value = ''] = SAID.exec(line) ?? [];
    if (key === '') break;
    said.set(key.toLowerCase(), value);
    from += line.length + 1;
  }
  return { from: Math.min(from, span.to), to: span.to, said };
}

function refusal(file: string): ReadRule {
  const message = 'The file holds no query.';
  const nothing = { warnings: [], honoured: [], approximated: [], ignored: [] };
  return {
    rule: null,
    problems: [{ file, line: 1, column: 1, code: 'RULE_INVALID', message }],
    verdict: { file, rule: null, format: 'native', verdict: 'refused', reason: message, ...nothing },
  };
}

function readQuery(file: string, text: string, { from, to, said }: KqlQuery, number: number | null): ReadRule {
  const stem = basename(file).slice(0, basename(file).length - extname(file).length);
  const name = number === null ? stem : `${stem} ${number}`;
  const level = said.get('level')?.toLowerCase().split('.').at(-1);
  const severity = SEVERITIES.find((one) => one === level);
  const raw: RawRule = {
    id: vendorId(said.get('id'), [name], file),
    name: vendorName(said.get('title') || name),
    severity: severity ?? 'medium',
    status: 'testing',
    ...attackOf(said.get('tags')),
    ...(said.get('author') && { author: said.get('author') ?? '' }),
    query: `${text.slice(from, to).trimEnd()}\n`,
    schedule: { every: '1h' },
  };
  const { rule, problems } = readRule(documentOf(file, text, from, raw));
  const warning = { ...positionAt(text, from), message: warningText(severity) };
  const verdict = {
    file,
    rule: rule?.id ?? null,
    format: 'native',
    verdict: rule ? 'warnings' : 'refused',
    reason: rule ? null : (problems[0]?.message ?? 'The query is none.'),
    warnings: rule ? [warning] : [],
    honoured: rule ? ['query', ...said.keys()] : [],
    approximated: [],
    ignored: [],
  } as const;
  return { rule, problems, verdict };
}

function attackOf(tags = ''): Pick<RawRule, 'attack'> {
  const attack = attackIds(tags);
  return attack.length === 0 ? {} : { attack };
}

function warningText(severity: Severity | undefined): string {
  const how = severity === undefined ? ' and how severe it is: once an hour, medium' : ': once an hour';
  return `The query does not say when it runs${how}, with the status testing.`;
}

/** A rule that no YAML says: all of it has the place of its query. */
function documentOf(file: string, text: string, from: number, value: RawRule): YamlDocument {
  const start = (): Place => positionAt(text, from);
  return {
    file,
    value,
    keyPlace: start,
    valuePlace: start,
    textPlace: ([key]: Path, offset: number) => positionAt(text, key === 'query' ? from + offset : from),
    folds: () => null,
    comments: () => [],
  };
}
