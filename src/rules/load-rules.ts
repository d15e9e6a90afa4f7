import { isUtf8 } from 'node:buffer';
import type { Problem } from '../lib/errors.ts';
import { parseYaml } from '../lib/yaml/parse-yaml.ts';
import { readRule } from './read-rule.ts';
import type { Rule } from './rule.ts';
import { diskRules, findRuleFiles, type RuleIo, reasonOf } from './rule-files.ts';

export interface LoadedRules {
  /** Rules that are right, in the order of their files. With problems, callers start nothing. */
  readonly rules: readonly Rule[];
  readonly problems: readonly Problem[];
  /** Every rule file that was read. */
  readonly files: readonly string[];
}

interface Loading {
  readonly rules: Rule[];
  readonly problems: Problem[];
  /** By the id in lower case the place of the rule that has it, as `file:line`. */
  readonly taken: Map<string, string>;
}

/** Reads rule files and folders (recursively, `*.yaml` and `*.yml`, several documents a file) and tells all problems at once, with their places. */
export async function loadRules(paths: readonly string[], io: RuleIo = diskRules): Promise<LoadedRules> {
  const { files, problems } = await findRuleFiles(paths, io);
  const loading: Loading = { rules: [], problems: [...problems], taken: new Map() };
  for (const file of files) {
    const text = await readText(loading, io, file);
    if (text !== null) addFile(loading, file, text);
  }
  return Object.freeze({ rules: Object.freeze(loading.rules), problems: loading.problems, files });
}

/** The rules of one text, as loadRules reads them. `file` is for the messages. */
export function parseRules(file: string, text: string): Omit<LoadedRules, 'files'> {
  const loading: Loading = { rules: [], problems: [], taken: new Map() };
  addFile(loading, file, text);
  return { rules: Object.freeze(loading.rules), problems: loading.problems };
}

async function readText(loading: Loading, io: RuleIo, file: string): Promise<string | null> {
  try {
    const bytes = await io.read(file);
    if (isUtf8(bytes)) return Buffer.from(bytes).toString('utf8');
    report(loading, file, 'The file cannot be read: it is not UTF-8 text.');
  } catch (error) {
    report(loading, file, `The file cannot be read: ${reasonOf(error)}.`);
  }
  return null;
}

function addFile(loading: Loading, file: string, text: string): void {
  const { documents, problems } = parseYaml(file, text, 'RULE_INVALID');
  loading.problems.push(...problems);
  if (documents.length === 0 && problems.length === 0) report(loading, file, 'The file holds no rule.');
  for (const document of documents) {
    const read = readRule(document);
    loading.problems.push(...read.problems);
    if (read.rule) addRule(loading, read.rule);
  }
}

/** Letter case does not tell ids apart: they also name files and tickets elsewhere. */
function addRule(loading: Loading, rule: Rule): void {
  const id = rule.id.toLowerCase();
  const { line, column } = rule.map.placeOf(['id']);
  const { file } = rule.map;
  const other = loading.taken.get(id);
  if (other) {
    const message = `The id "${rule.id}" is already taken by ${other}.`;
    loading.problems.push({ file, line, column, code: 'RULE_INVALID', message });
    return;
  }
  loading.taken.set(id, `${file}:${line}`);
  loading.rules.push(rule);
}

function report(loading: Loading, file: string, message: string): void {
  loading.problems.push({ file, line: null, column: null, code: 'RULE_INVALID', message });
}
