import { suggest } from '../lib/nearest.ts';
import type { Path } from '../lib/yaml/parse-yaml.ts';
import type { TargetConfig } from './config.ts';
import { targetSchemaOf } from './fallbacks.ts';
import { type ConfigReading, reportKey, reportValue } from './reading.ts';
import { carriedFormats } from './registries.ts';
import { isRecord } from './schema-walk.ts';
import { readSettings } from './settings.ts';

/** `targets` by name. A name whose settings are refused is kept with no type, so that uses of it are not reported too. */
export function readTargets(reading: ConfigReading, raw: unknown): ReadonlyMap<string, TargetConfig> {
  const targets = new Map<string, TargetConfig>();
  for (const [name, settings] of Object.entries(isRecord(raw) ? raw : {})) {
    targets.set(name, readTarget(reading, ['targets', name], settings) ?? { type: '' });
  }
  return targets;
}

function readTarget(reading: ConfigReading, path: Path, raw: unknown): TargetConfig | null {
  if (!isRecord(raw)) return null;
  const { targets, formats } = reading.inputs.registries;
  if (raw.type === undefined) {
    reportKey(reading, path, `The key "type" is missing. Valid are: ${[...targets.keys()].join(', ')}.`);
    return null;
  }
  const type = String(raw.type);
  const plugin = targets.get(type);
  if (!plugin) {
    reportValue(reading, [...path, 'type'], `"${type}" is no type of target.${suggest(type, targets.keys())}`);
    return null;
  }
  const settings = readSettings(reading, targetSchemaOf(plugin.configSchema), raw, path);
  const format = settings?.format;
  if (typeof format === 'string' && !formats.has(format)) {
    reportValue(reading, [...path, 'format'], `"${format}" is no format.${suggest(format, formats.keys())}`);
    return null;
  }
  const refusal = typeof format === 'string' ? notCarried(reading, type, format, settings?.batch !== undefined) : null;
  if (refusal === null) return settings as TargetConfig | null;
  reportValue(reading, [...path, 'format'], refusal);
  return null;
}

/** Why a target cannot carry what a format says in headers; null where it can. */
function notCarried({ inputs }: ConfigReading, type: string, format: string, inBatches: boolean): string | null {
  const { targets, formats } = inputs.registries;
  if (formats.get(format)?.needsHeaders !== true) return null;
  if (inBatches)
    return `"${format}" has headers for each alert, and a batch is one request. Leave out batch, or choose another format.`;
  if (carriedFormats(targets.get(type)?.configSchema ?? {}, formats).includes(format)) return null;
  return `"${format}" says something in headers, and a target of type "${type}" sends none. Choose another format.`;
}

/** Reports names that no target has. */
export function checkTargetNames(
  reading: ConfigReading,
  targets: ReadonlyMap<string, TargetConfig>,
  path: Path,
  names: unknown,
): void {
  if (typeof names === 'string') checkTargetName(reading, targets, path, names);
  for (const [index, one] of (Array.isArray(names) ? names : []).entries())
    checkTargetName(reading, targets, [...path, index], one);
}

function checkTargetName(
  reading: ConfigReading,
  targets: ReadonlyMap<string, TargetConfig>,
  path: Path,
  name: unknown,
): void {
  if (typeof name !== 'string' || targets.has(name)) return;
  reportValue(reading, path, `There is no target "${name}".${suggest(name, targets.keys())}`);
}
