import { parseAlertLink } from '../alerts/alert-link.ts';
import type { Config } from './config.ts';
import { type ConfigReading, reportValue } from './reading.ts';
import { isRecord } from './schema-walk.ts';

/** `links`; the frame's schema has said already what has the wrong type. */
export function readLinks(reading: ConfigReading, raw: unknown): Config['links'] {
  const template = isRecord(raw) ? raw.alert : undefined;
  if (typeof template !== 'string') return { alert: null };
  const parsed = parseAlertLink(template);
  if (parsed.kind === 'link') return { alert: parsed.linkOf };
  reportValue(reading, ['links', 'alert'], parsed.message);
  return { alert: null };
}
