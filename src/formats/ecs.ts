import { documentOf, leastDocument } from './ecs/document.ts';
import { fittedJson } from './fitted-json.ts';
import type { Format, NamedFormat } from './format.ts';

/** A document of the Elastic Common Schema as JSON on one line. */
export const formatEcs: Format = (alert, { maxBytes }) => ({
  body: fittedJson(alert, maxBytes, documentOf, leastDocument),
  contentType: 'application/json',
});

export const ECS: NamedFormat = {
  name: 'ecs',
  description:
    'A document of the Elastic Common Schema as JSON on one line ([more](#ecs)). Shrinks as `native` does. Sets `huntwire.evidence_truncated`.',
  format: formatEcs,
};
