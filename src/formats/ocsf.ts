import type { Alert } from '../alerts/alert.ts';
import type { Format, NamedFormat } from './format.ts';
import { findingOf, leastFinding } from './ocsf/document.ts';
import { shrinkAlert } from './shrink-alert.ts';

/** A Detection Finding of OCSF 1.8.0 as JSON on one line. */
export const formatOcsf: Format = (alert, { maxBytes }) => ({
  body: withinLimit(alert, maxBytes),
  contentType: 'application/json',
});

export const OCSF: NamedFormat = {
  name: 'ocsf',
  description:
    'A Detection Finding (class 2004) of OCSF 1.8.0 with the profile `host`, as JSON on one line ([more](#ocsf)). Shrinks as `native` does, then to what the class requires. Sets `metadata.is_truncated`.',
  format: formatOcsf,
};

function withinLimit(alert: Alert, maxBytes: number | null): string {
  const whole = writeFinding(alert);
  if (maxBytes === null || Buffer.byteLength(whole) <= maxBytes) return whole;
  const measure = (one: Alert): number => Buffer.byteLength(writeFinding(one));
  const shrunk = shrinkAlert(alert, maxBytes, measure);
  const written = writeFinding(shrunk);
  return Buffer.byteLength(written) <= maxBytes ? written : JSON.stringify(leastFinding(shrunk));
}

function writeFinding(alert: Alert): string {
  return JSON.stringify(findingOf(alert));
}
