import type { Alert } from '../alerts/alert.ts';
import { shrinkAlert } from './shrink-alert.ts';

type MakeDocument = (alert: Alert) => object;

/** The document as JSON of at most `maxBytes`: of the alert shrunk until it fits, and where it never does, what `least` makes of it. */
export function fittedJson(alert: Alert, maxBytes: number | null, make: MakeDocument, least: MakeDocument): string {
  const whole = JSON.stringify(make(alert));
  if (maxBytes === null || Buffer.byteLength(whole) <= maxBytes) return whole;
  const shrunk = shrinkAlert(alert, maxBytes, (one) => Buffer.byteLength(JSON.stringify(make(one))));
  const written = JSON.stringify(make(shrunk));
  return Buffer.byteLength(written) <= maxBytes ? written : JSON.stringify(least(shrunk));
}
