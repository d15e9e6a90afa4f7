import { extname } from 'node:path';
import type { Problem } from '../lib/errors.ts';
import { parseJsonFile } from '../lib/json/parse-json.ts';
import { type ParsedYaml, parseYaml, type YamlDocument } from '../lib/yaml/parse-yaml.ts';
import { KQL_EXTENSIONS, readKqlQueries } from './readers/kql-query.ts';
import { isNativeRule, nativeReader } from './readers/native.ts';
import type { ReadRule } from './readers/reader.ts';
import { readerOf, readerOfText } from './readers/registry.ts';
import { noRuleIn } from './readers/verdict.ts';
import type { RuleFormat } from './rule.ts';

export interface FileOrigin {
  readonly format: RuleFormat;
  /** Whether it says what our rules say. */
  readonly isOurs: boolean;
}

/** What the text of a rule file says by itself. */
export interface TextReading {
  /** What refuses the whole file; null: nothing does. */
  readonly refused: (FileOrigin & { readonly problems: readonly Problem[] }) | null;
  /** Every rule, with its verdict; of a file that holds none, that alone. */
  readonly found: readonly ReadRule[];
}

/** How texts of rule files are read; the name says whether one is JSON. What comes of it depends on both alone. */
export type TextReader = (file: string, text: string) => TextReading | Promise<TextReading>;

export function readRulesOfText(file: string, text: string): TextReading {
  if (KQL_EXTENSIONS.includes(extname(file).toLowerCase())) return { refused: null, found: readKqlQueries(file, text) };
  const { documents, problems } = parseText(file, text);
  if (problems.length > 0) return { refused: { ...originOf(file, text), problems }, found: [] };
  if (documents.length > 0) return { refused: null, found: documents.flatMap(readDocument) };
  return { refused: null, found: [noRule(file, 'The file holds no rule.', 'native')] };
}

function readDocument(document: YamlDocument): readonly ReadRule[] {
  const { file, value } = document;
  const reader = readerOf(value);
  const isOurs = isJson(file) ? isNativeJson(value) : isNativeRule(value);
  if (reader.format !== 'native' || isOurs) return reader.read(document);
  return [
    noRule(file, isSigma(value) ? SIGMA : 'The file holds no rule of a known format.', isJson(file) ? 'arm' : 'native'),
  ];
}

const SIGMA =
  'This is a Sigma rule, which has no query: pySigma writes one, and "huntwire convert" makes a rule of it (docs/sigma.md).';

function isSigma(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'logsource' in value && 'detection' in value;
}

function noRule(file: string, reason: string, format: RuleFormat): ReadRule {
  return { rule: null, problems: [], verdict: noRuleIn(file, reason, format) };
}

export function isJson(file: string): boolean {
  return file.toLowerCase().endsWith('.json');
}

function parseText(file: string, text: string): ParsedYaml {
  return isJson(file) ? parseJsonFile(file, text, 'RULE_INVALID') : parseYaml(file, text, 'RULE_INVALID');
}

/** A broken file of another product, or of nobody knows what, stops nobody; one that says what our rules say does. */
function originOf(file: string, text: string): FileOrigin {
  const format = formatOfText(file, text);
  return { format, isOurs: format === 'native' && nativeReader.marks.test(text) };
}

export function formatOfText(file: string, text: string): RuleFormat {
  const { format } = readerOfText(text);
  return isJson(file) && format === 'native' ? 'arm' : format;
}

/** A folder may hold any JSON beside its rules; what says what a rule of ours must say is one. */
function isNativeJson(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'query' in value && 'schedule' in value;
}
