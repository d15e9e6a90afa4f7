import type { Alert } from '../alerts/alert.ts';
import { cloudAttributes } from './cloudevents/attributes.ts';
import { fittedJson } from './fitted-json.ts';
import type { Format, NamedFormat } from './format.ts';

/** CloudEvents 1.0 in structured mode: attributes and the alert in one JSON document on one line. */
export const formatCloudevents: Format = (alert, { maxBytes }) => ({
  body: fittedJson(alert, maxBytes, structured, cloudAttributes),
  contentType: 'application/cloudevents+json; charset=utf-8',
});

export const CLOUDEVENTS: NamedFormat = {
  name: 'cloudevents',
  description:
    'CloudEvents 1.0, structured: attributes and the alert (`data`) as JSON on one line ([more](#cloudevents)). Shrinks as `native` does, then leaves `data` out.',
  format: formatCloudevents,
};

function structured(alert: Alert): object {
  return { ...cloudAttributes(alert), data: alert };
}
