import ruleSchema from '../../../schemas/rule.schema.json' with { type: 'json' };
import type { Problem } from '../../lib/errors.ts';
import { suggest } from '../../lib/nearest.ts';
import { firstInFile } from '../../lib/problem-order.ts';
import { compileSchema, type SchemaProblem } from '../../lib/schema-problems.ts';
import type { Path, YamlDocument } from '../../lib/yaml/parse-yaml.ts';
import { TACTICS, tacticId } from '../attack/matrix.ts';
import { type Reading, report, reportAt } from '../read/reading.ts';
import type { OverlayMatch, RuleOverlay } from './overlay.ts';
import { defaultsSchemaOf, overlaySchemaOf } from './overlay-schema.ts';
import { type RawSet, readSet } from './read-set.ts';

const problemsOfFile = compileSchema(overlaySchemaOf(ruleSchema));
const problemsOfDefaults = compileSchema(defaultsSchemaOf(ruleSchema));

interface RawEntry {
  readonly match: Partial<Record<keyof OverlayMatch, readonly string[]>>;
  readonly set: RawSet;
}

export interface ReadOverlays {
  readonly overlays: readonly RuleOverlay[];
  readonly problems: readonly Problem[];
}

/** The entries of one document of an overlay file; none where anything is wrong with it. */
export function readOverlays(document: YamlDocument): ReadOverlays {
  const reading: Reading = { document, problems: [] };
  const wrong = problemsOfFile(document.value);
  tell(reading, wrong);
  const entries = wrong.length > 0 ? [] : (document.value as { readonly overlays: readonly RawEntry[] }).overlays;
  return finished(
    reading,
    entries.map((entry, index) => {
      const entryPath = ['overlays', index];
      const match = readMatch(reading, [...entryPath, 'match'], entry.match);
      return overlayOf(reading, { kind: 'entry', entryPath, setPath: [...entryPath, 'set'], match }, entry.set);
    }),
  );
}

const ALL_RULES: OverlayMatch = Object.freeze({ ids: null, globs: null, tags: null, tactics: null, severities: null });

/** A `defaults.yaml`: what an overlay sets, and no more; alone, or below the one key `set`. */
export function readDefaults(document: YamlDocument): ReadOverlays {
  const reading: Reading = { document, problems: [] };
  const setPath = wrapped(document.value) ? ['set'] : [];
  const raw = wrapped(document.value) ? (document.value as { readonly set: unknown }).set : document.value;
  const wrong = problemsOfDefaults(raw);
  tell(reading, wrong, setPath);
  if (wrong.length > 0) return finished(reading, []);
  const about = { kind: 'defaults', entryPath: [], setPath, match: ALL_RULES } as const;
  return finished(reading, [overlayOf(reading, about, raw as RawSet)]);
}

function wrapped(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).join() === 'set';
}

function tell(reading: Reading, wrong: readonly SchemaProblem[], below: Path = []): void {
  for (const { path, atKey, message } of wrong) {
    const at = [...below, ...path];
    reportAt(reading, atKey ? reading.document.keyPlace(at) : reading.document.valuePlace(at), message);
  }
}

function overlayOf(reading: Reading, about: Omit<RuleOverlay, 'document' | 'set'>, raw: RawSet): RuleOverlay {
  return Object.freeze({ ...about, document: reading.document, set: readSet(reading, about.setPath, raw) });
}

function readMatch(reading: Reading, path: Path, { ids, globs, tags, tactics, severities }: RawEntry['match']) {
  const known = tactics?.map((name, index) => readTactic(reading, [...path, 'tactics', index], name));
  const match = { ids: ids ?? null, globs: globs ?? null, tags: tags ?? null, tactics: known ?? null };
  return Object.freeze({ ...match, severities: (severities ?? null) as OverlayMatch['severities'] });
}

function readTactic(reading: Reading, path: Path, name: string): string {
  const id = tacticId(name);
  const shorts = TACTICS.map(({ short }) => short);
  if (id === null) report(reading, path, `"${name}" is no tactic of ATT&CK.${suggest(name, shorts)}`);
  return id ?? name;
}

function finished({ problems }: Reading, overlays: readonly RuleOverlay[]): ReadOverlays {
  return { overlays: problems.length === 0 ? overlays : [], problems: firstInFile(problems) };
}
