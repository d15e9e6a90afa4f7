import { fittedJson } from './fitted-json.ts';
import type { Format, NamedFormat } from './format.ts';
import { findingOf, leastFinding } from './ocsf/document.ts';

/** A Detection Finding of OCSF 1.8.0 as JSON on one line. */
export const formatOcsf: Format = (alert, { maxBytes }) => ({
  body: fittedJson(alert, maxBytes, findingOf, leastFinding),
  contentType: 'application/json',
});

export const OCSF: NamedFormat = {
  name: 'ocsf',
  description:
    'A Detection Finding (class 2004) of OCSF 1.8.0 with the profile `host`, as JSON on one line ([more](#ocsf)). Shrinks as `native` does, then to what the class requires. Sets `metadata.is_truncated`.',
  format: formatOcsf,
};
