import { suggest } from '../lib/nearest.ts';
import type { Path } from '../lib/yaml/parse-yaml.ts';
import { blockTenant } from './blocked/block-tenant.ts';
import { checkTransport } from './check-transport.ts';
import type { Settings, TenantConfig } from './config.ts';
import { checkCredential } from './credential.ts';
import { type ConfigReading, problemCount, reportKey, reportValue } from './reading.ts';
import { isRecord } from './schema-walk.ts';
import { readSettings } from './settings.ts';

const DEFAULT_API = 'graph';
/** The source that asks nobody and so needs no credentials. */
const WITHOUT_AUTH = 'local';

interface RawTenant {
  readonly path: Path;
  readonly raw: Settings;
  readonly name: string;
  readonly rules: readonly string[];
}

/** `tenants`, or `source` and `auth` at the top as the one tenant `default`. `frame` is null where the frame itself is refused. */
export function readTenants(reading: ConfigReading, raw: Settings, frame: Settings | null): readonly TenantConfig[] {
  const single = raw.source !== undefined || raw.auth !== undefined;
  if (single && raw.tenants !== undefined) {
    reportKey(
      reading,
      [raw.source === undefined ? 'auth' : 'source'],
      'Give either "tenants" or "source" and "auth", not both.',
    );
  }
  if (!single && raw.tenants === undefined) {
    reportValue(reading, [], 'The configuration names no source: give "source" and "auth", or "tenants".');
  }
  const found = raw.tenants === undefined && single ? [alone(raw, frame)] : severalOf(raw, frame);
  checkNames(reading, found);
  return Object.freeze(found.map((tenant) => readTenant(reading, tenant)).filter((tenant) => tenant !== null));
}

function alone(raw: Settings, frame: Settings | null): RawTenant {
  return { path: [], raw, name: 'default', rules: rulesOf(frame) };
}

function severalOf(raw: Settings, frame: Settings | null): readonly RawTenant[] {
  const list: readonly unknown[] = Array.isArray(raw.tenants) ? raw.tenants : [];
  const framed = (frame?.tenants ?? []) as readonly Settings[];
  return list.filter(isRecord).map((tenant, index) => ({
    path: ['tenants', index],
    raw: tenant,
    name: typeof tenant.name === 'string' ? tenant.name : '',
    rules: tenant.rules === undefined ? rulesOf(frame) : rulesOf(framed[index] ?? null),
  }));
}

function rulesOf(section: Settings | null): readonly string[] {
  return (section?.rules ?? Object.freeze([])) as readonly string[];
}

function checkNames(reading: ConfigReading, tenants: readonly RawTenant[]): void {
  const names = new Set<string>();
  for (const { path, name } of tenants) {
    if (name !== '' && names.has(name))
      reportValue(reading, [...path, 'name'], `Another tenant is already named "${name}".`);
    names.add(name);
  }
}

function readTenant(reading: ConfigReading, tenant: RawTenant): TenantConfig | null {
  const { path, name, rules } = tenant;
  const found = readSections(reading, tenant);
  const problems = typeof path[1] === 'number' ? reading.blocked?.get(path[1]) : undefined;
  if (!problems) return found;
  const api = found?.source.api ?? DEFAULT_API;
  return blockTenant(reading, { name, api, rules, path, problems }, (again, section) =>
    readSections(again, { ...tenant, raw: section }),
  );
}

function readSections(reading: ConfigReading, { path, raw, name, rules }: RawTenant): TenantConfig | null {
  const source = readSource(reading, [...path, 'source'], raw.source);
  const api = isRecord(raw.source) ? (raw.source.api ?? DEFAULT_API) : null;
  const auth = api === WITHOUT_AUTH ? null : readAuth(reading, [...path, 'auth'], raw.auth);
  if (api === WITHOUT_AUTH && raw.auth !== undefined) {
    reportKey(reading, [...path, 'auth'], '"auth" has no meaning for the local source.');
  }
  return source ? Object.freeze({ name, source, auth, rules }) : null;
}

function readSource(reading: ConfigReading, path: Path, raw: unknown): TenantConfig['source'] | null {
  if (!isRecord(raw)) {
    if (raw === undefined && path.length === 1) reportValue(reading, [], 'The key "source" is missing.');
    return null;
  }
  const { sources } = reading.inputs.registries;
  const api = raw.api ?? DEFAULT_API;
  const plugin = typeof api === 'string' ? sources.get(api) : undefined;
  if (!plugin) {
    reportValue(reading, [...path, 'api'], `"${String(api)}" is no source.${suggest(String(api), sources.keys())}`);
    return null;
  }
  return sound(reading, () => {
    const settings = readSettings(reading, plugin.configSchema, { ...raw, api }, path);
    if (settings) checkTransport(reading, [...path, 'baseUrl'], settings.baseUrl);
    return settings as TenantConfig['source'] | null;
  });
}

function readAuth(reading: ConfigReading, path: Path, raw: unknown): Settings | null {
  if (!isRecord(raw)) {
    if (raw === undefined)
      reportValue(reading, path, 'The key "auth" is missing: every source but local needs credentials.');
    return null;
  }
  return sound(reading, () => {
    const settings = readSettings(reading, reading.inputs.registries.auth, raw, path);
    checkCredential(reading, path, raw);
    if (settings) checkTransport(reading, [...path, 'authority'], settings.authority);
    return settings;
  });
}

/** What is read, or null where something was reported of it: doctor asks with what is sound, and with nothing else. */
function sound<T>(reading: ConfigReading, read: () => T | null): T | null {
  const before = problemCount(reading);
  const settings = read();
  return problemCount(reading) === before ? settings : null;
}
