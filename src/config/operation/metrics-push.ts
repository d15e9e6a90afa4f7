import { HOUR_MS, parseDuration, SECOND_MS } from '../../lib/duration.ts';
import { isLoopback } from '../../lib/loopback.ts';
import type { Secret } from '../../lib/secret.ts';
import type { Config } from '../config.ts';
import { type ConfigReading, reportValue } from '../reading.ts';
import { isRecord } from '../schema-walk.ts';

/** Where figures are pushed to. */
export const METRICS_SECTION = {
  metrics: {
    description: 'Where figures are pushed to, as OTLP over HTTP in JSON; left out: nowhere.',
    type: 'object',
    additionalProperties: false,
    required: ['otlp'],
    properties: {
      otlp: {
        type: 'string',
        minLength: 1,
        description: 'The address of a receiver; /v1/metrics is added where it does not end so.',
      },
      every: {
        type: 'string',
        pattern: '^(?:\\d+(?:\\.\\d+)?(?:ms|s|m|h|d))+$',
        'x-hint': 'write a duration such as 30s or 1m',
        default: '1m',
        description: 'How often; 5s to 1h.',
      },
      headers: {
        type: 'object',
        additionalProperties: { type: 'string', format: 'password' },
        description: 'Further request headers, such as the key of a backend; every value is handled as a secret.',
      },
    },
  },
} as const;

/** `metrics`; the frame's schema has said already what has the wrong type. */
export function readMetricsPush(reading: ConfigReading, section: unknown): Config['metrics'] {
  if (!isRecord(section) || typeof section.otlp !== 'string') return null;
  const headers = (section.headers ?? {}) as Readonly<Record<string, Secret>>;
  checkAddress(reading, section.otlp, Object.keys(headers).length > 0);
  const text = String(section.every ?? '1m');
  const everyMs = parseDuration(text) ?? HOUR_MS;
  if (everyMs < 5 * SECOND_MS || everyMs > HOUR_MS)
    reportValue(reading, ['metrics', 'every'], `"${text}" is out of bounds: write 5s to 1h.`);
  return { url: section.otlp, headers, everyMs };
}

/** Figures name rules and targets, which is no secret on a network of one's own; headers are. */
function checkAddress(reading: ConfigReading, address: string, hasHeaders: boolean): void {
  const path = ['metrics', 'otlp'];
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    reportValue(reading, path, '"otlp" must be an address that begins with https:// or http://.');
  else if (url.username !== '' || url.password !== '')
    reportValue(reading, path, '"otlp" must not carry a user or password; use "headers".');
  else if (hasHeaders && url.protocol === 'http:' && !isLoopback(url.hostname))
    reportValue(reading, path, '"otlp" must begin with https:// where "headers" carry secrets to another machine.');
}
