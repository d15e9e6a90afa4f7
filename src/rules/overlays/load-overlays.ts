import { dirname, join, relative, sep } from 'node:path';
import type { Problem } from '../../lib/errors.ts';
import { parseYaml } from '../../lib/yaml/parse-yaml.ts';
import type { Rule } from '../rule.ts';
import { type FileKind, findRuleFiles, type RuleIo, readRuleText } from '../rule-files.ts';
import { DEFAULTS_FILE, folderOfPath, type RulePlaces } from '../rule-places.ts';
import { layOverlays } from './lay-overlays.ts';
import { matchesRule } from './match-rule.ts';
import type { RuleOverlay, UnloadedFile, UnmatchedOverlay } from './overlay.ts';
import { type ReadOverlays, readDefaults, readOverlays } from './read-overlays.ts';
import { unmatchedOverlays } from './unmatched-overlays.ts';

const OVERLAY_FILES: FileKind = Object.freeze({
  name: 'overlay file',
  extensions: ['.yaml', '.yml'],
  mayBeEmpty: true,
});

export interface OverlaidRules {
  readonly rules: readonly Rule[];
  readonly problems: readonly Problem[];
  readonly unmatched: readonly UnmatchedOverlay[];
}

interface ReadForOverlays {
  readonly rules: readonly Rule[];
  /** Files of which a rule did not load. */
  readonly unloaded: readonly UnloadedFile[];
}

interface OverlayLoading {
  readonly io: RuleIo;
  readonly problems: Problem[];
  /** By folder what its `defaults.yaml` says, looked for once. */
  readonly defaults: Map<string, readonly RuleOverlay[]>;
}

/** Lays over each rule what is said of it: each `defaults.yaml` from the outermost folder to its own, then the overlays in their order. */
export async function loadOverlays(
  { rules, unloaded }: ReadForOverlays,
  places: RulePlaces,
  io: RuleIo,
): Promise<OverlaidRules> {
  const loading: OverlayLoading = { io, problems: [], defaults: new Map() };
  const overlays = await entriesOf(loading, places.overlays);
  const laid: Rule[] = [];
  for (const rule of rules) {
    const fitting = overlays.filter(({ match }) => matchesRule(match, rule, places.folder));
    laid.push(layOverlays(rule, [...(await defaultsOf(loading, rule.map.file, places)), ...fitting]));
  }
  const unmatched = unmatchedOverlays(overlays, { rules, unloaded, folder: places.folder });
  return { rules: laid, problems: loading.problems, unmatched };
}

async function entriesOf(loading: OverlayLoading, paths: readonly string[]): Promise<readonly RuleOverlay[]> {
  if (paths.length === 0) return [];
  const { files, problems, faults } = await findRuleFiles(paths, loading.io, OVERLAY_FILES);
  loading.problems.push(...problems, ...faults);
  const overlays: RuleOverlay[] = [];
  for (const file of files) overlays.push(...(await readFile(loading, file, readOverlays)));
  return overlays;
}

async function defaultsOf(loading: OverlayLoading, file: string, places: RulePlaces): Promise<readonly RuleOverlay[]> {
  const found: RuleOverlay[] = [];
  for (const folder of foldersTo(file, places)) found.push(...(await defaultsIn(loading, folder)));
  return found;
}

async function defaultsIn(loading: OverlayLoading, folder: string): Promise<readonly RuleOverlay[]> {
  const known = loading.defaults.get(folder);
  if (known) return known;
  const file = join(folder, DEFAULTS_FILE);
  const isThere = (await loading.io.kind(file)) === 'file';
  const overlays = isThere ? await readFile(loading, file, readDefaults) : [];
  loading.defaults.set(folder, overlays);
  return overlays;
}

/** The folders from the outermost that holds rules down to a rule's own. */
function foldersTo(file: string, { paths, roots }: RulePlaces): readonly string[] {
  const own = dirname(file);
  const holding = [...roots, ...paths].map(folderOfPath).filter((one) => own === one || own.startsWith(join(one, sep)));
  const outermost = holding.reduce((left, right) => (right.length < left.length ? right : left), own);
  const names = relative(outermost, own).split(sep).filter(Boolean);
  return [outermost, ...names.map((_, index) => join(outermost, ...names.slice(0, index + 1)))];
}

async function readFile(
  loading: OverlayLoading,
  file: string,
  read: (document: Parameters<typeof readOverlays>[0]) => ReadOverlays,
): Promise<readonly RuleOverlay[]> {
  const text = await readRuleText(loading, file);
  if (text === null) return [];
  const { documents, problems } = parseYaml(file, text, 'RULE_INVALID');
  loading.problems.push(...problems);
  const found = documents.map(read);
  loading.problems.push(...found.flatMap((one) => one.problems));
  return found.flatMap((one) => one.overlays);
}
