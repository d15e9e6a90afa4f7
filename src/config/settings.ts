import { resolve } from 'node:path';
import type { PluginSchema } from '../lib/plugin.ts';
import { compileSchema } from '../lib/schema-problems.ts';
import { Secret } from '../lib/secret.ts';
import type { Path } from '../lib/yaml/parse-yaml.ts';
import type { Settings } from './config.ts';
import { type ConfigReading, folderOf, reportKey, reportValue } from './reading.ts';
import { childSchema, isRecord, propertiesOf, typesOf } from './schema-walk.ts';

/**
 * The section at `path` as its schema wants it: validated, texts out of references turned into numbers and booleans where the schema has
 * these, defaults filled, secrets wrapped, paths absolute, frozen. null where the schema refuses it; the problems are reported.
 */
export function readSettings(
  reading: ConfigReading,
  schema: PluginSchema,
  value: unknown,
  path: Path,
): Settings | null {
  const typed = withTypes(reading, schema, value, path);
  const problems = compileSchema(schema)(typed).filter(({ path: below }) => !isMissing(reading, [...path, ...below]));
  for (const problem of problems) {
    const at = [...path, ...problem.path];
    if (problem.atKey) reportKey(reading, at, problem.message);
    else reportValue(reading, at, problem.message);
  }
  return problems.length === 0 ? (finished(reading, schema, typed) as Settings) : null;
}

function isMissing(reading: ConfigReading, path: Path): boolean {
  return reading.missing !== null && reading.unresolved.has(JSON.stringify(path));
}

function withTypes(reading: ConfigReading, schema: PluginSchema | null, value: unknown, path: Path): unknown {
  if (schema === null) return value;
  if (typeof value === 'string') return reading.referenced.has(JSON.stringify(path)) ? typedText(schema, value) : value;
  if (Array.isArray(value)) {
    return value.map((item, index) => withTypes(reading, childSchema(schema, index), item, [...path, index]));
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    return [key, withTypes(reading, childSchema(schema, key), item, [...path, key])];
  });
  return Object.fromEntries(entries);
}

function typedText(schema: PluginSchema, text: string): unknown {
  const types = typesOf(schema);
  if (types.length === 0 || types.includes('string')) return text;
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

function finished(reading: ConfigReading, schema: PluginSchema | null, value: unknown): unknown {
  if (schema === null) return deepFreeze(value);
  if (Array.isArray(value))
    return Object.freeze(value.map((item, index) => finished(reading, childSchema(schema, index), item)));
  if (isRecord(value)) return finishedRecord(reading, schema, value);
  if (typeof value !== 'string') return value;
  if (schema['x-path'] === true) return resolve(folderOf(reading), value);
  return schema.format === 'password' ? new Secret(value) : value;
}

function finishedRecord(reading: ConfigReading, schema: PluginSchema, value: Settings): Settings {
  const given = Object.entries(value).map(([key, item]) => [key, finished(reading, childSchema(schema, key), item)]);
  const filled = [...propertiesOf(schema)]
    .filter(([key]) => !Object.hasOwn(value, key))
    .map(([key, child]) => [key, defaultOf(child)] as const)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => [key, finished(reading, childSchema(schema, key), item)]);
  return Object.freeze(Object.fromEntries([...given, ...filled]));
}

/** A map that may be left out and has settings with defaults counts as an empty one. */
function defaultOf(schema: PluginSchema): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.required !== undefined) return undefined;
  const hasDefaults = [...propertiesOf(schema).values()].some((child) => defaultOf(child) !== undefined);
  return hasDefaults ? {} : undefined;
}

function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) deepFreeze(item);
    Object.freeze(value);
  }
  return value;
}
