import type { Path, YamlDocument } from '../../lib/yaml/parse-yaml.ts';
import { readResolveAfter, readUpdates, toMapping } from '../read/alert.ts';
import { readExceptions } from '../read/exceptions.ts';
import { readParams } from '../read/params.ts';
import type { RawAlert, RawRule } from '../read/raw.ts';
import { type Reading, readDuration } from '../read/reading.ts';
import { readSchedule } from '../read/schedule.ts';
import { readWindow } from '../read/window.ts';
import type { OverlaySet } from './overlay.ts';

type RawOfRule = Pick<
  RawRule,
  'previousIds' | 'schedule' | 'window' | 'severity' | 'status' | 'targets' | 'exceptions' | 'params' | 'redact'
>;

/** What an overlay sets, once the schema has nothing against it. */
export type RawSet = Partial<RawOfRule> &
  Pick<RawAlert, 'dedup' | 'suppress' | 'resolveAfter' | 'updates' | 'entities' | 'details'>;

/** Its values as a rule has them; what is wrong is told where it stands below `path`. */
export function readSet(reading: Reading, path: Path, raw: RawSet): OverlaySet {
  const below: Reading = { problems: reading.problems, document: documentBelow(reading.document, path) };
  const { dedup, entities } = raw;
  const schedule = raw.schedule && readSchedule(below, raw.schedule);
  const suppress = readDuration(below, ['suppress'], raw.suppress, 0);
  const { resolveAfterMs } = readResolveAfter(below, ['resolveAfter'], raw.resolveAfter);
  return Object.freeze({
    ...(schedule && { schedule }),
    ...(raw.window && { window: readWindow(below, raw.window) }),
    ...asGiven(raw),
    ...(raw.exceptions && { exceptions: readExceptions(below, raw.exceptions) }),
    ...(dedup && { dedup: dedup.columns }),
    ...(suppress !== null && { suppress }),
    ...(raw.resolveAfter !== undefined && { resolveAfter: resolveAfterMs }),
    ...(raw.updates && { updates: readUpdates(below, ['updates'], raw.updates) }),
    ...(entities && { entities: Object.freeze(entities.map(toMapping)) }),
    ...(raw.params && { params: readParams(below, raw.params) }),
  });
}

/** What is as the schema has it. */
function asGiven({ severity, status, targets, details, redact, previousIds }: RawSet): OverlaySet {
  const given = Object.entries({ severity, status, targets, details, redact, previousIds });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** The document as if what stands at `path` were all of it. */
function documentBelow(document: YamlDocument, path: Path): YamlDocument {
  return {
    ...document,
    keyPlace: (inner) => document.keyPlace([...path, ...inner]),
    valuePlace: (inner) => document.valuePlace([...path, ...inner]),
    textPlace: (inner, offset) => document.textPlace([...path, ...inner], offset),
    folds: (inner) => document.folds([...path, ...inner]),
  };
}
