import type { Problem } from '../lib/errors.ts';
import { layLibrary } from './functions/lay-library.ts';
import { loadLibrary } from './functions/load-functions.ts';
import { lostUses } from './functions/lost-functions.ts';
import { loadOverlays } from './overlays/load-overlays.ts';
import { UNKNOWN_FILE, type UnloadedFile, type UnmatchedOverlay } from './overlays/overlay.ts';
import { previousIdProblems } from './previous-ids.ts';
import { addTests, testFileOf } from './read/test-file.ts';
import {
  type FileOrigin,
  formatOfText,
  isJson,
  readRulesOfText,
  type TextReader,
  type TextReading,
} from './read-text.ts';
import type { ReadRule } from './readers/reader.ts';
import type { Verdict } from './readers/verdict.ts';
import type { Rule } from './rule.ts';
import { diskRules, type FileKind, findRuleFiles, RULE_FILES, type RuleIo, readRuleText } from './rule-files.ts';
import { type RulePlaces, toRulePlaces } from './rule-places.ts';

export interface LoadedRules {
  /** Rules that are right, in the order of their files. With problems, callers start nothing. */
  readonly rules: readonly Rule[];
  readonly problems: readonly Problem[];
  /**
   * What refuses rules of other products, saved functions and files of nobody knows what. They are left out and told, and the others run.
   * With them the rules that use a function that is left out.
   */
  readonly refusals: readonly Problem[];
  /** What became of every rule of every file; one of a file that holds none. */
  readonly verdicts: readonly Verdict[];
  /** Every rule file that was read. */
  readonly files: readonly string[];
  /** Those problems that are of overlays, and so of any rule. */
  readonly overlayProblems: readonly Problem[];
  /** What overlays name and none of the rules has; less what a rule that did not load may have. */
  readonly unmatched: readonly UnmatchedOverlay[];
}

/** What texts alone tell, without overlays. */
export type ReadRules = Pick<LoadedRules, 'rules' | 'problems' | 'refusals' | 'verdicts'>;

/** What files tell, without overlays. */
type ReadFiles = ReadRules & Pick<LoadedRules, 'files'> & { readonly unloaded: readonly UnloadedFile[] };

interface Loading {
  readonly rules: Rule[];
  readonly problems: Problem[];
  readonly refusals: Problem[];
  readonly verdicts: Verdict[];
  readonly unloaded: UnloadedFile[];
  /** By the id in lower case the rule that has it. */
  readonly taken: Map<string, Rule>;
}

/**
 * Reads rule files and folders (recursively; `*.yaml` and `*.yml`, several documents a file, and `*.json` of other products), lays over
 * the rules what overlays and `defaults.yaml` say of them, and tells all problems at once, with their places.
 */
export async function loadRules(
  given: readonly string[] | RulePlaces,
  io: RuleIo = diskRules,
  reader: TextReader = readRulesOfText,
): Promise<LoadedRules> {
  const places = toRulePlaces(given);
  const read = await readCompleteRules(places, io, RULE_FILES, reader);
  const laid = await loadOverlays(read, places, io);
  return Object.freeze({
    ...read,
    rules: Object.freeze(laid.rules),
    problems: [...read.problems, ...laid.problems, ...previousIdProblems(laid.rules)],
    overlayProblems: laid.problems,
    unmatched: laid.unmatched,
  });
}

/** The rules as their files say them, with the saved functions and lists that their queries use, and no overlay over them. */
export async function readCompleteRules(
  places: Pick<RulePlaces, 'paths' | 'functions' | 'watchlists'>,
  io: RuleIo = diskRules,
  kind: FileKind = RULE_FILES,
  reader: TextReader = readRulesOfText,
): Promise<ReadFiles> {
  const read = await readRuleFiles(places.paths, io, kind, reader);
  const { library, problems, refusals, lost } = await loadLibrary(places, io);
  const rules = read.rules.map((rule) => layLibrary(rule, library));
  return {
    ...read,
    rules: Object.freeze(rules),
    problems: [...read.problems, ...problems],
    refusals: [...read.refusals, ...refusals, ...lostUses(rules, lost)],
  };
}

/** The rules as their files say them, with no overlay over them. */
export async function readRuleFiles(
  paths: readonly string[],
  io: RuleIo = diskRules,
  kind: FileKind = RULE_FILES,
  reader: TextReader = readRulesOfText,
): Promise<ReadFiles> {
  const { files, problems, faults } = await findRuleFiles(paths, io, kind);
  const loading = startLoading(problems);
  for (const fault of faults) refuseFile(loading, fault.file ?? '', NOT_OURS, [fault]);
  // What is in a folder that cannot be read, nobody knows.
  if (problems.length > 0) loading.unloaded.push(UNKNOWN_FILE);
  for (const file of files) await loadFile(loading, { io, reader }, file);
  return { ...loaded(loading), files, unloaded: loading.unloaded };
}

/** The rules of one text, as loadRules reads them. `file` is for the messages, and its name says whether it is JSON. */
export function parseRules(file: string, text: string): ReadRules {
  const loading = startLoading([]);
  addReading(loading, file, readRulesOfText(file, text));
  return loaded(loading);
}

function startLoading(problems: readonly Problem[]): Loading {
  return { rules: [], problems: [...problems], refusals: [], verdicts: [], unloaded: [], taken: new Map() };
}

function loaded({ rules, problems, refusals, verdicts }: Loading): ReadRules {
  return { rules: Object.freeze(rules), problems, refusals, verdicts };
}

interface Reading {
  readonly io: RuleIo;
  readonly reader: TextReader;
}

async function loadFile(loading: Loading, { io, reader }: Reading, file: string): Promise<void> {
  const problems: Problem[] = [];
  const text = await readRuleText({ io, problems }, file);
  const before = loading.rules.length;
  const sound = complaintsOf(loading);
  if (text !== null) addReading(loading, file, await reader(file, text));
  else refuseFile(loading, file, isJson(file) ? { ...NOT_OURS, format: 'arm' } : NOT_OURS, problems);
  if (complaintsOf(loading) > sound) loading.unloaded.push(unloadedFile(file, text));
  await loadTests(loading, io, { file: testFileOf(file), before });
}

function complaintsOf({ problems, refusals }: Loading): number {
  return problems.length + refusals.length;
}

/** The ids of our own rules stand in their files as they are; those of other products may be put together. */
function unloadedFile(file: string, text: string | null): UnloadedFile {
  return text !== null && formatOfText(file, text) === 'native' ? { file, text } : { ...UNKNOWN_FILE, file };
}

interface TestFile {
  readonly file: string;
  /** How many rules were there before those that it tests. */
  readonly before: number;
}

async function loadTests(loading: Loading, io: RuleIo, { file, before }: TestFile): Promise<void> {
  if ((await io.kind(file)) !== 'file') return;
  const text = await readRuleText({ io, problems: loading.problems }, file);
  if (text === null) return;
  const { rules, problems } = addTests(loading.rules.slice(before), file, text);
  loading.problems.push(...problems);
  loading.rules.splice(before, rules.length, ...rules);
}

function addReading(loading: Loading, file: string, { refused, found }: TextReading): void {
  if (refused) refuseFile(loading, file, refused, refused.problems);
  for (const read of found) addRead(loading, read);
}

function addRead(loading: Loading, { rule, problems, verdict }: ReadRule): void {
  const list = verdict.format === 'native' ? loading.problems : loading.refusals;
  list.push(...problems);
  const taken = rule ? addRule(loading, rule) : null;
  if (taken === null) loading.verdicts.push(verdict);
  else {
    list.push(taken);
    loading.verdicts.push({ ...verdict, verdict: 'refused', reason: taken.message });
  }
}

/** Letter case does not tell ids apart: they also name files and tickets elsewhere. null: the rule was added. */
function addRule(loading: Loading, rule: Rule): Problem | null {
  const id = rule.id.toLowerCase();
  const other = loading.taken.get(id)?.map;
  if (!other) {
    loading.taken.set(id, rule);
    loading.rules.push(rule);
    return null;
  }
  const { line, column } = rule.map.placeOf(['id']);
  const taken = `${other.file}:${other.placeOf(['id']).line}`;
  const message = `The id "${rule.id}" is already taken by ${taken}.`;
  return { file: rule.map.file, line, column, code: 'RULE_INVALID', message };
}

const NOT_OURS: FileOrigin = { format: 'native', isOurs: false };

function refuseFile(
  loading: Loading,
  file: string,
  { format, isOurs }: FileOrigin,
  problems: readonly Problem[],
): void {
  (isOurs ? loading.problems : loading.refusals).push(...problems);
  const reason = problems[0]?.message ?? 'The file cannot be read.';
  const nothing = { warnings: [], honoured: [], approximated: [], ignored: [] };
  loading.verdicts.push({ file, rule: null, format, verdict: 'refused', reason, ...nothing });
}
