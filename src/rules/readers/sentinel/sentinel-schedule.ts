import { formatDuration, SECOND_MS } from '../../../lib/duration.ts';
import type { RawSchedule } from '../../read/raw.ts';
import type { ThresholdOperator } from '../../rule.ts';
import { approximate, honour, refuseAt, type Translation, warnAt } from '../vendor/translation.ts';
import { parseVendorDuration } from '../vendor/vendor-duration.ts';
import { isVendorObject, type VendorMap, vendorScalar } from '../vendor/vendor-map.ts';

/** What becomes of a file: a rule that runs by itself, or a query for people. */
export type SentinelKind = 'scheduled' | 'nrt' | 'hunting';

const RUN_BY_MICROSOFT = 'It has no query of its own: Microsoft runs it, and nothing here can.';
const NOT_RUNNABLE: Readonly<Record<string, string>> = {
  fusion: RUN_BY_MICROSOFT,
  mlbehavioranalytics: RUN_BY_MICROSOFT,
  threatintelligence: RUN_BY_MICROSOFT,
  microsoftsecurityincidentcreation: RUN_BY_MICROSOFT,
  anomaly: RUN_BY_MICROSOFT,
};

/** `kind`, in the rule or beside it; where it is left out, a schedule tells. null: refused. */
export function sentinelKind(translation: Translation, source: VendorMap, beside: unknown): SentinelKind | null {
  const text = vendorScalar(source.value('kind') ?? beside)?.trim() ?? '';
  const kind = text.toLowerCase();
  const isScheduled = source.has('queryFrequency') || source.has('triggerOperator');
  if (kind === 'nrt' || (kind === 'scheduled' && isScheduled)) {
    honour(translation, source, 'kind');
    return kind;
  }
  const reason = NOT_RUNNABLE[kind];
  if (reason) {
    refuseAt(translation, source.at('kind'), `A rule of the kind ${text} cannot run here. ${reason}`);
    return null;
  }
  if (kind !== '' && kind !== 'scheduled') warnAt(translation, source.at('kind'), `The kind "${text}" is not known.`);
  return isScheduled ? 'scheduled' : 'hunting';
}

const NRT: RawSchedule = { every: '1m', lookback: '1m' };
/** Nothing says when a query for people runs. The days are those that most of them ask for. */
const HUNTING: RawSchedule = { every: '1d', lookback: '7d' };

export function translateSchedule(translation: Translation, source: VendorMap, kind: SentinelKind): RawSchedule {
  if (kind === 'hunting') return HUNTING;
  if (kind === 'nrt') return nrtSchedule(translation, source);
  const every = readDuration(translation, source, 'queryFrequency');
  const lookback = readDuration(translation, source, 'queryPeriod');
  honour(translation, source, 'queryFrequency', ['schedule', 'every']);
  honour(translation, source, 'queryPeriod', ['schedule', 'lookback']);
  translation.places.push({ ours: ['schedule'], theirs: source.at('queryFrequency') });
  approximate(translation, source, 'startTimeUtc', 'the rule runs on a grid of its own');
  return { every: every ?? '1h', lookback: lookback ?? every ?? '1h' };
}

function nrtSchedule(translation: Translation, source: VendorMap): RawSchedule {
  approximate(translation, source, 'kind', 'the rule runs each minute over what arrived in the minute');
  for (const key of ['queryFrequency', 'queryPeriod'] as const) {
    if (source.value(key) === undefined) continue;
    warnAt(translation, source.at(key), `A rule of the kind NRT runs each minute: "${key}" changes nothing.`);
  }
  return NRT;
}

/** A duration as ours are written; a missing or wrong one refuses the rule. */
function readDuration(translation: Translation, source: VendorMap, key: string): string | null {
  const value = source.value(key);
  if (value === undefined) {
    refuseAt(translation, source.path, `A scheduled rule needs "${key}".`);
    return null;
  }
  const read = parseVendorDuration(value);
  if ('fault' in read) refuseAt(translation, source.at(key), read.fault);
  else if (read.ms < SECOND_MS)
    refuseAt(translation, source.at(key), `"${key}" is ${formatDuration(read.ms)}, which is too short.`);
  else return formatDuration(read.ms);
  return null;
}

const OPERATORS: Readonly<Record<string, ThresholdOperator>> = {
  gt: '>',
  greaterthan: '>',
  lt: '<',
  lessthan: '<',
  eq: '==',
  equal: '==',
  equals: '==',
  ne: '!=',
  notequal: '!=',
  notequals: '!=',
  '>': '>',
  '<': '<',
};

export interface SentinelTrigger {
  readonly operator: ThresholdOperator;
  readonly value: number;
}

/** `triggerOperator` and `triggerThreshold`: on the number of rows of a run. More than none where they are left out. */
export function translateTrigger(translation: Translation, source: VendorMap): SentinelTrigger {
  honour(translation, source, 'triggerOperator', ['threshold']);
  honour(translation, source, 'triggerThreshold', ['threshold']);
  return {
    operator: triggerOperator(translation, source),
    value: triggerThreshold(translation, source),
  };
}

function triggerOperator(translation: Translation, source: VendorMap): ThresholdOperator {
  const text = vendorScalar(source.value('triggerOperator'));
  const operator = OPERATORS[(text ?? 'gt').trim().toLowerCase()];
  if (operator === undefined)
    refuseAt(translation, source.at('triggerOperator'), `"${text}" is no operator: write gt, lt, eq or ne.`);
  return operator ?? '>';
}

function triggerThreshold(translation: Translation, source: VendorMap): number {
  const given = source.value('triggerThreshold') ?? 0;
  const value = Number(isVendorObject(given) ? Number.NaN : given);
  if (Number.isInteger(value) && value >= 0) return value;
  refuseAt(translation, source.at('triggerThreshold'), '"triggerThreshold" must be a whole number from 0.');
  return 0;
}
