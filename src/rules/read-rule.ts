import ruleSchema from '../../schemas/rule.schema.json' with { type: 'json' };
import type { Problem } from '../lib/errors.ts';
import { firstInFile } from '../lib/problem-order.ts';
import { compileSchema } from '../lib/schema-problems.ts';
import type { YamlDocument } from '../lib/yaml/parse-yaml.ts';
import { readAlert } from './read/alert.ts';
import { readExceptions } from './read/exceptions.ts';
import { readParams } from './read/params.ts';
import type { RawRule } from './read/raw.ts';
import { type Reading, reportAt } from './read/reading.ts';
import { readSchedule } from './read/schedule.ts';
import { readTests } from './read/tests.ts';
import { readThreshold } from './read/threshold.ts';
import { readWindow } from './read/window.ts';
import type { Rule, SourceMap } from './rule.ts';
import { ruleHash } from './rule-hash.ts';

const problemsOfSchema = compileSchema(ruleSchema);
const NOTHING = Object.freeze([]);
const NO_DATA = Object.freeze({});

/** A rule out of a YAML document, frozen, or null and everything that is wrong with it. */
export function readRule(document: YamlDocument): {
  readonly rule: Rule | null;
  readonly problems: readonly Problem[];
} {
  const reading: Reading = { document, problems: [] };
  const invalid = new Set<unknown>();
  for (const { path, atKey, message } of problemsOfSchema(document.value)) {
    invalid.add(path[0]);
    reportAt(reading, atKey ? document.keyPlace(path) : document.valuePlace(path), message);
  }
  const rule = isRecord(document.value) ? build(reading, document.value as unknown as RawRule, invalid) : null;
  return { rule: reading.problems.length === 0 ? rule : null, problems: firstInFile(reading.problems) };
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sections that the schema refuses are left out, so that the others' problems are told in the same go. */
function build(reading: Reading, raw: RawRule, invalid: ReadonlySet<unknown>): Rule | null {
  const unless = <T>(key: keyof RawRule, read: () => T): T | null =>
    invalid.has(key) || (raw[key] === undefined && key === 'schedule') ? null : read();
  const params = unless('params', () => readParams(reading, raw.params ?? {}));
  const schedule = unless('schedule', () => readSchedule(reading, raw.schedule));
  const window = unless('window', () => readWindow(reading, raw.window));
  const threshold = unless('threshold', () => readThreshold(reading, raw.threshold));
  const alert = unless('alert', () => threshold && readAlert(reading, raw.alert ?? {}, threshold));
  const exceptions = unless('exceptions', () => readExceptions(reading, raw.exceptions ?? NOTHING));
  const tests = unless('tests', () => readTests(reading, raw.tests ?? NOTHING));
  if (!(params && schedule && window && threshold && alert && exceptions && tests)) return null;
  if (reading.problems.length > 0) return null;
  const origin = raw.origin && { origin: Object.freeze({ data: NO_DATA, ...raw.origin }) };
  const parts = { ...plainFields(raw), ...origin, params, schedule, window, threshold, alert, exceptions, tests };
  return Object.freeze({ ...parts, hash: ruleHash(parts), map: sourceMap(reading.document) });
}

type PlainFields = Omit<
  Rule,
  'params' | 'schedule' | 'window' | 'threshold' | 'alert' | 'exceptions' | 'tests' | 'origin' | 'hash' | 'map'
>;

function plainFields(raw: RawRule): PlainFields {
  return {
    id: raw.id,
    name: raw.name,
    description: raw.description ?? '',
    severity: raw.severity,
    version: raw.version ?? '1.0.0',
    status: raw.status ?? 'enabled',
    attack: raw.attack ?? NOTHING,
    tags: raw.tags ?? NOTHING,
    author: raw.author ?? null,
    references: raw.references ?? NOTHING,
    falsePositives: raw.falsePositives ?? NOTHING,
    runbook: raw.runbook ?? null,
    query: raw.query,
    shape: raw.shape ?? null,
    targets: raw.targets ?? null,
    ...(raw.redact && { redact: raw.redact }),
    ...(raw.previousIds && { previousIds: raw.previousIds }),
  };
}

/** Holds what finds places, and not the document, whose value the rule has taken over. */
function sourceMap({ file, keyPlace, textPlace, folds, comments }: YamlDocument): SourceMap {
  return Object.freeze({
    file,
    place: (offset: number) => textPlace(['query'], offset),
    placeOf: keyPlace,
    textPlace,
    folds: folds(['query']),
    comments,
  });
}
