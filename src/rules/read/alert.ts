import { HOUR_MS, MINUTE_MS } from '../../lib/duration.ts';
import type { Path } from '../../lib/yaml/parse-yaml.ts';
import type { AlertSpec, AlertUpdates, EntityMapping, Threshold } from '../rule.ts';
import type { RawAlert } from './raw.ts';
import { type Reading, readDuration, report } from './reading.ts';
import { readPer } from './threshold.ts';

const DEFAULT_LIMIT = 150;
const DEFAULT_EVIDENCE = 20;
const DEFAULT_UPDATES_MS = HOUR_MS;

/** `alert` with its defaults. A `suppress` of 0s is a statement, not a default. */
export function readAlert(reading: Reading, raw: RawAlert, threshold: Threshold): AlertSpec {
  if (raw.updates && raw.resolveAfter === 'never')
    report(reading, ['alert', 'updates'], '"updates" needs an end: an alert that is never resolved is told once.');
  return Object.freeze({
    per: readPer(reading, threshold, raw.per),
    title: raw.title ?? null,
    description: raw.description ?? null,
    severityColumn: raw.severityColumn ?? null,
    entities: raw.entities ? Object.freeze(raw.entities.map(toMapping)) : null,
    details: raw.details ?? Object.freeze({}),
    dedupColumns: raw.dedup?.columns ?? null,
    suppressMs: readDuration(reading, ['alert', 'suppress'], raw.suppress, 0),
    ...readResolveAfter(reading, ['alert', 'resolveAfter'], raw.resolveAfter),
    ...(raw.updates && { updates: readUpdates(reading, ['alert', 'updates'], raw.updates) }),
    limit: raw.limit ?? DEFAULT_LIMIT,
    evidence: raw.evidence ?? DEFAULT_EVIDENCE,
  });
}

/** `resolveAfter` as a rule has it; nothing where it is left out. */
export function readResolveAfter(
  reading: Reading,
  path: Path,
  raw: string | undefined,
): Pick<AlertSpec, 'resolveAfterMs'> {
  if (raw === undefined) return {};
  return { resolveAfterMs: raw === 'never' ? raw : (readDuration(reading, path, raw, 0) ?? 0) };
}

/** `updates` with its defaults. */
export function readUpdates(reading: Reading, path: Path, raw: NonNullable<RawAlert['updates']>): AlertUpdates {
  const everyMs = readDuration(reading, [...path, 'every'], raw.every, MINUTE_MS) ?? DEFAULT_UPDATES_MS;
  return Object.freeze({ everyMs, when: raw.when ?? 'grown' });
}

/** One entry of `entities`. */
export function toMapping(entity: NonNullable<RawAlert['entities']>[number]): EntityMapping {
  const { type, ...fields } = entity;
  return Object.freeze({ type, fields: Object.freeze(fields) });
}
