import { foreseenSize } from '../../lib/json/foreseen-bytes.ts';
import type { Alert } from '../alert.ts';

/** Bytes of an alert's JSON at most. */
export const MAX_ALERT_BYTES = 256 * 1024;

const COMMA = 1;
/** Lists that give way after the evidence, one after another, all of one before the next. */
const THEN = ['observables', 'mappingErrors', 'entities'] as const;

/** The alert within 256 KB: evidence goes first, last row first, then what can be found elsewhere. `evidenceTruncated` tells of it. */
export function fitAlert(alert: Alert, maxBytes = MAX_ALERT_BYTES): Alert {
  // Whoever keeps the alert writes the same text.
  if (foreseenSize(alert) <= maxBytes) return alert;
  let fitted = withoutEvidence(alert, maxBytes);
  for (const list of THEN) {
    if (jsonBytes(fitted) <= maxBytes) return fitted;
    fitted = { ...fitted, [list]: [] };
  }
  if (jsonBytes(fitted) <= maxBytes) return fitted;
  const bare = { ...fitted, details: {} };
  return jsonBytes(bare) <= maxBytes ? bare : withoutOrigin(bare);
}

/** What a rule of another product passes on stands in its file. */
function withoutOrigin(alert: Alert): Alert {
  const { origin, ...rule } = alert.rule;
  return origin ? { ...alert, rule: { ...rule, origin: { ...origin, data: {} } } } : alert;
}

function withoutEvidence(alert: Alert, maxBytes: number): Alert {
  const bare: Alert = { ...alert, evidence: [], evidenceTruncated: true };
  let room = maxBytes - jsonBytes(bare);
  const rowBytes = alert.evidence.map(jsonBytes);
  const kept = rowBytes.findIndex((bytes) => {
    room -= bytes + COMMA;
    return room < 0;
  });
  return { ...bare, evidence: kept < 0 ? alert.evidence : alert.evidence.slice(0, kept) };
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
