import { extname } from 'node:path';
import { MAX_QUERY_LENGTH } from '../../kql/query-limits.ts';
import type { Problem } from '../../lib/errors.ts';
import { parseYaml } from '../../lib/yaml/parse-yaml.ts';
import { type FileKind, findRuleFiles, type RuleIo, readRuleText } from '../rule-files.ts';
import { loadWatchlists } from '../watchlists/load-watchlists.ts';
import { type LostFunctions, namesOfFunctions } from './lost-functions.ts';
import { makeLibrary, type QueryLibrary } from './query-library.ts';
import { readArmFunctions } from './read-arm-functions.ts';
import { readKqlFunctions } from './read-kql-functions.ts';
import { readYamlFunction } from './read-yaml-function.ts';
import type { SavedFunction } from './saved-function.ts';

const FUNCTION_FILES: FileKind = Object.freeze({
  name: 'file with functions',
  extensions: ['.yaml', '.yml', '.json', '.kql', '.csl'],
  mayBeEmpty: true,
});

/** Ten times what Sentinel's public repository has. */
const MOST_FUNCTIONS = 5000;
const MOST_CHARACTERS = 64 * 1024 * 1024;

export interface LoadedLibrary {
  readonly library: QueryLibrary;
  /** Paths that lead nowhere: the configuration is wrong. */
  readonly problems: readonly Problem[];
  /** What is wrong with single files. Their functions are left out and told, and the others serve. */
  readonly refusals: readonly Problem[];
  /** What functions they may be. */
  readonly lost: LostFunctions;
}

interface FunctionLoading {
  readonly io: RuleIo;
  readonly functions: SavedFunction[];
  readonly problems: Problem[];
  readonly lost: Map<string, string>;
  characters: number;
}

/** What a configuration gives to queries: functions by their files and folders, lists by alias and file. */
export interface LibraryPlaces {
  readonly functions?: readonly string[];
  readonly watchlists?: Readonly<Record<string, string>>;
}

/** The saved functions and lists of a configuration. YAML and JSON without a function is passed over: it may be anything of a repository. */
export async function loadLibrary(places: LibraryPlaces, io: RuleIo): Promise<LoadedLibrary> {
  const lists = await loadWatchlists(places.watchlists ?? {}, io);
  const found = await loadFunctions(places.functions ?? [], io);
  const { library, problems } = makeLibrary(found.functions, lists.watchlists);
  const given = [...found.lost, ...found.functions.map(({ name, file }) => [name, file] as const)];
  return {
    library,
    lost: new Map(given.filter(([name]) => !library.functions.has(name))),
    problems: [...lists.problems, ...found.problems],
    refusals: [...lists.refusals, ...found.refusals, ...problems],
  };
}

interface FoundFunctions extends Pick<LoadedLibrary, 'problems' | 'refusals' | 'lost'> {
  readonly functions: readonly SavedFunction[];
}

async function loadFunctions(paths: readonly string[], io: RuleIo): Promise<FoundFunctions> {
  const { files, problems, faults } = await findRuleFiles(paths, io, FUNCTION_FILES);
  const loading: FunctionLoading = { io, functions: [], problems: [...faults], lost: new Map(), characters: 0 };
  for (const file of files) {
    await addFile(loading, file);
    if (isFull(loading)) {
      refuse(loading, file, `Functions from here on are left out: more than ${MOST_FUNCTIONS}, or of 64 MB.`);
      break;
    }
  }
  const { functions, problems: refusals, lost } = loading;
  return { functions: functions.slice(0, MOST_FUNCTIONS), problems, refusals, lost };
}

function isFull({ functions, characters }: FunctionLoading): boolean {
  return functions.length > MOST_FUNCTIONS || characters > MOST_CHARACTERS;
}

async function addFile(loading: FunctionLoading, file: string): Promise<void> {
  const text = await readRuleText(loading, file);
  if (text === null) return lose(loading, file, '');
  loading.characters += text.length;
  const { functions, problems } = readerFor(file)(file, text);
  loading.problems.push(...problems);
  if (problems.length > 0) lose(loading, file, text);
  for (const one of functions) {
    if (one.body.length <= MAX_QUERY_LENGTH) loading.functions.push(one);
    else refuse(loading, file, `The function "${one.name}" is longer than ${MAX_QUERY_LENGTH} characters.`);
  }
}

function lose({ lost }: FunctionLoading, file: string, text: string): void {
  for (const name of namesOfFunctions(file, text)) lost.set(name, file);
}

function readerFor(file: string): typeof readKqlFunctions {
  const extension = extname(file).toLowerCase();
  if (extension === '.json') return readArmFunctions;
  return ['.yaml', '.yml'].includes(extension) ? readYaml : readKql;
}

/** What gives a function away; other YAML, broken or not, is no business of ours. */
const MARK = /^\s*["']?(?:FunctionQuery|ParserQuery|FunctionAlias)["']?\s*:/im;

function readYaml(file: string, text: string): ReturnType<typeof readKqlFunctions> {
  if (!MARK.test(text)) return { functions: [], problems: [] };
  const { documents, problems } = parseYaml(file, text, 'RULE_INVALID');
  const found = documents.map(readYamlFunction);
  return {
    functions: found.flatMap((one) => one.functions),
    problems: [...problems, ...found.flatMap((one) => one.problems)],
  };
}

function readKql(file: string, text: string): ReturnType<typeof readKqlFunctions> {
  if (text.length <= 4 * MAX_QUERY_LENGTH) return readKqlFunctions(file, text);
  const message = `The file is longer than ${4 * MAX_QUERY_LENGTH} characters.`;
  return { functions: [], problems: [{ file, line: null, column: null, code: 'RULE_INVALID', message }] };
}

function refuse({ problems }: FunctionLoading, file: string, message: string): void {
  problems.push({ file, line: null, column: null, code: 'RULE_INVALID', message });
}
