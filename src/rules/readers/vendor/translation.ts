import type { Problem } from '../../../lib/errors.ts';
import type { Path, Place, YamlDocument } from '../../../lib/yaml/parse-yaml.ts';
import type { RawRule } from '../../read/raw.ts';
import { readRule } from '../../read-rule.ts';
import type { RuleOrigin } from '../../rule.ts';
import type { ReadRule } from '../reader.ts';
import type { VerdictWarning } from '../verdict.ts';
import type { VendorMap } from './vendor-map.ts';

/** One rule of a vendor's file on its way to ours, with what is said of its keys. */
export interface Translation {
  readonly document: YamlDocument;
  readonly format: RuleOrigin['format'];
  /** Where the rule stands in its document: keys are told from there on. */
  readonly base: Path;
  /** Where in the file the parts of our rule come from; the longest path that leads a part wins. */
  readonly places: { readonly ours: Path; readonly theirs: Path }[];
  readonly refusals: Problem[];
  readonly warnings: VerdictWarning[];
  readonly honoured: Set<string>;
  /** By key in what it differs. */
  readonly approximated: Map<string, string>;
  readonly ignored: Set<string>;
}

export function startTranslation(document: YamlDocument, format: RuleOrigin['format'], base: Path): Translation {
  return {
    document,
    format,
    base,
    places: [],
    refusals: [],
    warnings: [],
    honoured: new Set(),
    approximated: new Map(),
    ignored: new Set(),
  };
}

/** Refuses the rule; the first reason is the verdict's. */
export function refuseAt(translation: Translation, path: Path, message: string): void {
  const { document, refusals } = translation;
  refusals.push({ file: document.file, ...document.valuePlace(path), code: 'RULE_INVALID', message });
}

export function warnAt(translation: Translation, path: Path, message: string): void {
  translation.warnings.push({ ...translation.document.valuePlace(path), message });
}

/** Says where a part of our rule comes from, and that its key is honoured. */
export function honour(translation: Translation, map: VendorMap, key: string, ours: Path | null = null): void {
  if (!map.has(key)) return;
  const theirs = map.at(key);
  translation.honoured.add(nameOf(translation, theirs));
  if (ours) translation.places.push({ ours, theirs });
}

export function approximate(translation: Translation, map: VendorMap, key: string, how: string): void {
  if (!map.has(key)) return;
  const name = nameOf(translation, map.at(key));
  translation.honoured.delete(name);
  translation.approximated.set(name, how);
}

/** Keys that are known and change nothing. */
export function ignore(translation: Translation, map: VendorMap, keys: readonly string[]): void {
  for (const key of keys) if (map.has(key)) translation.ignored.add(nameOf(translation, map.at(key)));
}

/** Keys that nobody has asked for are told: one may be a slip. */
export function warnUnread(translation: Translation, map: VendorMap): void {
  for (const key of map.unread()) {
    if (key.startsWith('@odata') || key.startsWith('$')) continue;
    const path = [...map.path, key];
    translation.ignored.add(nameOf(translation, path));
    const { line, column } = translation.document.keyPlace(path);
    const meant = map.meant(key);
    const near = meant === null ? '' : ` Did you mean "${meant}"?`;
    translation.warnings.push({ line, column, message: `The key "${key}" is not known and changes nothing.${near}` });
  }
}

/** A path without the numbers of lists, as it is told: `entityMappings`, `alertDetailsOverride.alertDisplayNameFormat`. */
function nameOf({ base }: Translation, path: Path): string {
  return path
    .slice(base.length)
    .filter((step) => typeof step === 'string')
    .join('.');
}

/** Reads what came of it as a rule of ours, or tells why there is none. */
export function finishTranslation(translation: Translation, raw: RawRule | null): ReadRule {
  const { rule, problems } =
    raw === null || translation.refusals.length > 0
      ? { rule: null, problems: translation.refusals }
      : readRule(asOurs(translation, raw));
  const { file } = translation.document;
  const warnings = [...translation.warnings].sort((a, b) => a.line - b.line || a.column - b.column);
  const verdict = {
    file,
    rule: rule?.id ?? raw?.id ?? null,
    format: translation.format,
    verdict: rule ? (warnings.length > 0 ? 'warnings' : 'loaded') : 'refused',
    reason: rule ? null : (problems[0]?.message ?? 'It holds no rule.'),
    warnings,
    honoured: [...translation.honoured].filter((key) => !translation.approximated.has(key)),
    approximated: [...translation.approximated].map(([key, how]) => `${key}: ${how}`),
    ignored: [...translation.ignored],
  } as const;
  return { rule, problems, verdict };
}

function asOurs(translation: Translation, raw: RawRule): YamlDocument {
  const { document } = translation;
  const theirs = (path: Path): Path => pathInFile(translation, path);
  return {
    file: document.file,
    value: raw,
    keyPlace: (path): Place => document.keyPlace(theirs(path)),
    valuePlace: (path): Place => document.valuePlace(theirs(path)),
    textPlace: (path, offset): Place => document.textPlace(theirs(path), offset),
    folds: (path) => document.folds(theirs(path)),
    comments: (word) => document.comments(word),
  };
}

function pathInFile({ places }: Translation, path: Path): Path {
  let best: { readonly ours: Path; readonly theirs: Path } = { ours: [], theirs: places.find(isWhole)?.theirs ?? [] };
  for (const one of places) {
    const leads = one.ours.every((step, index) => step === path[index]);
    if (leads && one.ours.length > best.ours.length) best = one;
  }
  return best.theirs;
}

function isWhole({ ours }: { readonly ours: Path }): boolean {
  return ours.length === 0;
}
