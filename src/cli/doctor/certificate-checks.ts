import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from '../../config/config.ts';
import { type CheckResult, failed, passed } from '../../lib/check-result.ts';
import { DAY_MS } from '../../lib/duration.ts';
import { countOf } from '../../lib/text.ts';

const WARN_MS = 30 * DAY_MS;
const CERTIFICATE_KEYS: ReadonlySet<string> = new Set(['certificateFile', 'certFile', 'caFile']);

/** Every certificate file that the configuration names: whether it can be read and is valid; `expiry` where it is for less than 30 days. */
export function certificateChecks(config: Config, now: number): readonly CheckResult[] {
  const tenants = config.tenants.flatMap((tenant) => [...filesIn(tenant.auth), ...filesIn(tenant.source)]);
  const targets = [...config.targets.values()].flatMap(filesIn);
  return [...new Set([...tenants, ...targets])].map((file) => examine(file, now));
}

function filesIn(settings: unknown): readonly string[] {
  if (typeof settings !== 'object' || settings === null) return [];
  return Object.entries(settings).flatMap(([key, value]) =>
    typeof value === 'string' ? (CERTIFICATE_KEYS.has(key) ? [value] : []) : filesIn(value),
  );
}

function examine(file: string, now: number): CheckResult {
  try {
    const { validTo } = new X509Certificate(readFileSync(file));
    const left = Date.parse(validTo) - now;
    const days = Math.floor(left / DAY_MS);
    if (left < 0) return failed('certificate', file, `expired on ${validTo}`, 'Put a new certificate in its place.');
    if (left < WARN_MS)
      return failed('expiry', file, `expires in ${countOf(days, 'day')}, on ${validTo}`, 'Renew it before that day.');
    return passed('certificate', file, `valid for ${countOf(days, 'more day')}`);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return failed(
      'certificate',
      file,
      `cannot be read: ${reason}`,
      'Check the path and that the file is a PEM certificate.',
    );
  }
}
