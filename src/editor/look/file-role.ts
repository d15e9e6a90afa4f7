import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { parseYaml } from '../../lib/yaml/parse-yaml.ts';
import { KQL_EXTENSIONS } from '../../rules/readers/kql-query.ts';
import { isNativeRule, nativeReader } from '../../rules/readers/native.ts';
import { readerOf } from '../../rules/readers/registry.ts';
import type { RuleIo } from '../../rules/rule-files.ts';
import { DEFAULTS_FILE } from '../../rules/rule-places.ts';
import type { EditorScope } from '../scope.ts';

/**
 * What a file is to us. `shared`: something that is laid over rules or joined to them, so that whatever is wrong with it shows with them;
 * `none`: nothing of ours.
 */
export type FileRole = 'rule' | 'tests' | 'shared' | 'config' | 'none';

export function roleOf(file: string, text: string, { config, places }: EditorScope): FileRole {
  if (file === config) return 'config';
  const name = basename(file);
  const { overlays, functions = [], watchlists = {} } = places;
  const isShared = [...overlays, ...functions, ...Object.values(watchlists)].some((path) => isWithin(file, path));
  if (isShared || name === DEFAULTS_FILE) return 'shared';
  if (isTests(name)) return 'tests';
  if (KQL_EXTENSIONS.includes(extname(file).toLowerCase())) return 'rule';
  if (config !== null && places.paths.some((path) => isWithin(file, path))) return 'rule';
  return looksLikeRule(file, text) ? 'rule' : 'none';
}

/** The rule files that tests may belong to. */
export function testedFiles(file: string): readonly string[] {
  const stem = basename(file).replace(TESTS, '');
  return ['.yaml', '.yml', '.json'].map((extension) => join(dirname(file), `${stem}${extension}`));
}

/** The file of the rules that a file holds, or that its tests belong to; null: there is none. */
export async function rulesFileOf(file: string, io: Pick<RuleIo, 'kind'>): Promise<string | null> {
  if (!isTests(file)) return file;
  for (const candidate of testedFiles(file)) if ((await io.kind(candidate)) === 'file') return candidate;
  return null;
}

const TESTS = /\.test\.yaml$/i;

export function isTests(file: string): boolean {
  return TESTS.test(file);
}

function isWithin(file: string, path: string): boolean {
  const steps = relative(path, file);
  return steps === '' || (!steps.startsWith(`..${sep}`) && steps !== '..');
}

/** Beside rules an editor holds any YAML and JSON. */
function looksLikeRule(file: string, text: string): boolean {
  if (!/\.(?:ya?ml|json)$/i.test(file)) return false;
  const { documents } = parseYaml(file, text, 'RULE_INVALID');
  if (documents.length === 0) return nativeReader.marks.test(text) && /^\s*["']?query/im.test(text);
  return documents.some(({ value }) => readerOf(value).format !== 'native' || (isNativeRule(value) && isWhole(value)));
}

/** More than one word in common with a rule: other tools have a `query` or a `schedule`, too. */
function isWhole(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return ['id', 'query', 'schedule', 'severity'].filter((key) => key in value).length >= 2;
}
