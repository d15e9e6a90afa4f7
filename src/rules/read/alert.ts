import type { AlertSpec, EntityMapping, Threshold } from '../rule.ts';
import type { RawAlert } from './raw.ts';
import { type Reading, readDuration } from './reading.ts';
import { readPer } from './threshold.ts';

const DEFAULT_LIMIT = 150;
const DEFAULT_EVIDENCE = 20;

/** `alert` with its defaults. A `suppress` of 0s is a statement, not a default. */
export function readAlert(reading: Reading, raw: RawAlert, threshold: Threshold): AlertSpec {
  return Object.freeze({
    per: readPer(reading, threshold, raw.per),
    title: raw.title ?? null,
    description: raw.description ?? null,
    severityColumn: raw.severityColumn ?? null,
    entities: raw.entities ? Object.freeze(raw.entities.map(toMapping)) : null,
    details: raw.details ?? Object.freeze({}),
    dedupColumns: raw.dedup?.columns ?? null,
    suppressMs: readDuration(reading, ['alert', 'suppress'], raw.suppress, 0),
    limit: raw.limit ?? DEFAULT_LIMIT,
    evidence: raw.evidence ?? DEFAULT_EVIDENCE,
  });
}

/** One entry of `entities`. */
export function toMapping(entity: NonNullable<RawAlert['entities']>[number]): EntityMapping {
  const { type, ...fields } = entity;
  return Object.freeze({ type, fields: Object.freeze(fields) });
}
