import type { Alert } from '../alerts/alert.ts';
import { cloudAttributes } from './cloudevents/attributes.ts';
import type { Format, NamedFormat } from './format.ts';
import { formatNative } from './native.ts';

/** CloudEvents 1.0 in the binary mode of HTTP: attributes in `ce-` headers, the alert as the body. */
export const formatCloudeventsBinary: Format = (alert, options) => ({
  ...formatNative(alert, options),
  headers: headersOf(alert),
});

export const CLOUDEVENTS_BINARY: NamedFormat = {
  name: 'cloudevents-binary',
  description:
    'CloudEvents 1.0, binary: attributes as `ce-` headers, the alert as the body, so for targets that send headers only ([more](#cloudevents)). Shrinks as `native` does.',
  format: formatCloudeventsBinary,
  needsHeaders: true,
};

function headersOf(alert: Alert): Readonly<Record<string, string>> {
  const { datacontenttype, ...attributes } = cloudAttributes(alert);
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [`ce-${name}`, headerText(String(value))]),
  );
}

/** What the HTTP binding has in a header as percent signs and hexadecimal digits: all but printable ASCII, and `"`, `%`, space. */
function headerText(text: string): string {
  return text.replace(/[^!#$&-~]/gu, encodeURIComponent);
}
