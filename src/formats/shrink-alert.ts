import type { Alert } from '../alerts/alert.ts';
import { knownText, writtenText } from '../lib/json/known-text.ts';
import { cutText } from '../lib/text.ts';
import { surelyFits } from './surely-fits.ts';

/** Bytes of the payload that is made of an alert. */
type Measure = (alert: Alert) => number;

type Step = (alert: Alert, maxBytes: number, measure: Measure) => Alert;

/** In UTF-8, of a character of JavaScript's; those of four bytes are two of them. */
const MOST_BYTES_OF_UNIT = 3;

/** What gives way, in this order, until the alert fits: first what can be asked for again, last what a person reads. */
const STEPS: readonly Step[] = [
  dropRows,
  (alert) => ({ ...alert, observables: [] }),
  (alert) => ({ ...alert, details: {} }),
  withoutOriginData,
  (alert) => (alert.mappingErrors ? { ...alert, mappingErrors: alert.mappingErrors.slice(0, 1) } : alert),
  (alert) => (alert.overflow ? { ...alert, overflow: { ...alert.overflow, byKey: [] } } : alert),
  (alert) => ({ ...alert, description: cutText(alert.description, 1024) }),
  (alert) => ({ ...alert, rule: { ...alert.rule, references: [], falsePositives: [], tags: [], runbook: null } }),
  (alert) => ({ ...alert, entities: alert.entities.slice(0, 10) }),
  (alert) => ({ ...alert, description: cutText(alert.description, 256) }),
  (alert) => ({ ...alert, entities: [] }),
  (alert) => ({ ...alert, attack: alert.attack.slice(0, 5) }),
  (alert) => ({ ...alert, description: '', title: cutText(alert.title, 128) }),
  (alert) => ({ ...alert, mappingErrors: [], rule: { ...alert.rule, name: cutText(alert.rule.name, 64) } }),
  (alert) => ({ ...alert, attack: [], title: cutText(alert.title, 48) }),
];

/**
 * The alert, its payload within `maxBytes`, still valid, with `evidenceTruncated` set where anything was left out. What must be in every
 * alert stays, so a limit below about 1 kB may be exceeded. `measure` tells the payload's bytes; default: those of the alert as JSON.
 */
export function shrinkAlert(alert: Alert, maxBytes: number, measure: Measure = jsonBytes): Alert {
  if (measure === jsonBytes && isSmall(alert, maxBytes)) return alert;
  if (measure(alert) <= maxBytes) return alert;
  let shrunk: Alert = { ...alert, evidenceTruncated: true };
  for (const step of STEPS) {
    shrunk = step(shrunk, maxBytes, measure);
    if (measure(shrunk) <= maxBytes) return shrunk;
  }
  return shrunk;
}

/** Seen without writing it; false says nothing. */
function isSmall(alert: Alert, maxBytes: number): boolean {
  const text = knownText(alert);
  return text === null ? surelyFits(alert, maxBytes) : text.length * MOST_BYTES_OF_UNIT <= maxBytes;
}

/** What a rule of another product says that nothing here acts on stands in its file. */
function withoutOriginData(alert: Alert): Alert {
  const { origin } = alert.rule;
  return origin ? { ...alert, rule: { ...alert.rule, origin: { ...origin, data: {} } } } : alert;
}

/** Keeps as many of the first rows as fit. */
function dropRows(alert: Alert, maxBytes: number, measure: Measure): Alert {
  const withRows = (count: number): Alert => ({ ...alert, evidence: alert.evidence.slice(0, count) });
  let kept = 0;
  let tooMany = alert.evidence.length;
  while (tooMany - kept > 1) {
    const middle = (kept + tooMany) >> 1;
    if (measure(withRows(middle)) <= maxBytes) kept = middle;
    else tooMany = middle;
  }
  return withRows(kept);
}

function jsonBytes(alert: Alert): number {
  return Buffer.byteLength(writtenText(alert));
}
