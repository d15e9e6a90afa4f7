import type { Alert } from '../alerts/alert.ts';
import { cutText } from '../lib/text.ts';

const COMMA = 1;

type Step = (alert: Alert, maxBytes: number) => Alert;

/** What gives way, in this order, until the alert fits: first what can be asked for again, last what a person reads. */
const STEPS: readonly Step[] = [
  dropRows,
  (alert) => ({ ...alert, observables: [] }),
  (alert) => ({ ...alert, details: {} }),
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
 * The alert within `maxBytes` of JSON, still valid, with `evidenceTruncated` set where anything was left out. What must be in every
 * alert stays, so a limit below about 1 kB may be exceeded.
 */
export function shrinkAlert(alert: Alert, maxBytes: number): Alert {
  if (jsonBytes(alert) <= maxBytes) return alert;
  let shrunk: Alert = { ...alert, evidenceTruncated: true };
  for (const step of STEPS) {
    shrunk = step(shrunk, maxBytes);
    if (jsonBytes(shrunk) <= maxBytes) return shrunk;
  }
  return shrunk;
}

/** Keeps as many of the first rows as fit. */
function dropRows(alert: Alert, maxBytes: number): Alert {
  let room = maxBytes - jsonBytes({ ...alert, evidence: [] });
  const firstTooMany = alert.evidence.findIndex((row) => {
    room -= jsonBytes(row) + COMMA;
    return room < 0;
  });
  return firstTooMany < 0 ? alert : { ...alert, evidence: alert.evidence.slice(0, firstTooMany) };
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
