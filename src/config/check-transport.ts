import { isLoopback } from '../lib/loopback.ts';
import type { Path } from '../lib/yaml/parse-yaml.ts';
import { type ConfigReading, reportValue } from './reading.ts';

/** Tokens travel over these connections, so plain HTTP is for a stand-in on this machine only. */
export function checkTransport(reading: ConfigReading, path: Path, address: unknown): void {
  if (typeof address !== 'string') return;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    reportValue(reading, path, `"${path.at(-1)}" must be an address that begins with https://.`);
  } else if (url.username !== '' || url.password !== '') {
    reportValue(reading, path, `"${path.at(-1)}" must not carry a user or password.`);
  } else if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    reportValue(reading, path, `"${path.at(-1)}" may begin with http:// only on a loopback host; use https://.`);
  }
}
