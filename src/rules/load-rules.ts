import type { Problem } from '../lib/errors.ts';
import { parseYaml } from '../lib/yaml/parse-yaml.ts';
import { loadOverlays } from './overlays/load-overlays.ts';
import type { UnmatchedOverlay } from './overlays/overlay.ts';
import { readRule } from './read-rule.ts';
import type { Rule } from './rule.ts';
import { diskRules, findRuleFiles, type RuleIo, readRuleText } from './rule-files.ts';
import { type RulePlaces, toRulePlaces } from './rule-places.ts';

export interface LoadedRules {
  /** Rules that are right, in the order of their files. With problems, callers start nothing. */
  readonly rules: readonly Rule[];
  readonly problems: readonly Problem[];
  /** Every rule file that was read. */
  readonly files: readonly string[];
  /** Those problems that are of overlays, and so of any rule. */
  readonly overlayProblems: readonly Problem[];
  /** What overlays name and none of the rules has; empty where a rule did not load, which may be the one. */
  readonly unmatched: readonly UnmatchedOverlay[];
}

interface Loading {
  readonly rules: Rule[];
  readonly problems: Problem[];
  /** By the id in lower case the place of the rule that has it, as `file:line`. */
  readonly taken: Map<string, string>;
}

/**
 * Reads rule files and folders (recursively, `*.yaml` and `*.yml`, several documents a file), lays over the rules what overlays and
 * `defaults.yaml` say of them, and tells all problems at once, with their places.
 */
export async function loadRules(given: readonly string[] | RulePlaces, io: RuleIo = diskRules): Promise<LoadedRules> {
  const places = toRulePlaces(given);
  const { files, problems } = await findRuleFiles(places.paths, io);
  const loading: Loading = { rules: [], problems: [...problems], taken: new Map() };
  for (const file of files) {
    const text = await readRuleText({ io, problems: loading.problems }, file);
    if (text !== null) addFile(loading, file, text);
  }
  const laid = await loadOverlays(loading.rules, places, io);
  return Object.freeze({
    rules: Object.freeze(laid.rules),
    problems: [...loading.problems, ...laid.problems],
    files,
    overlayProblems: laid.problems,
    unmatched: loading.problems.length === 0 ? laid.unmatched : [],
  });
}

/** The rules of one text, as loadRules reads them. `file` is for the messages. */
export function parseRules(file: string, text: string): Pick<LoadedRules, 'rules' | 'problems'> {
  const loading: Loading = { rules: [], problems: [], taken: new Map() };
  addFile(loading, file, text);
  return { rules: Object.freeze(loading.rules), problems: loading.problems };
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
