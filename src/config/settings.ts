import { resolve } from 'node:path';
import type { PluginSchema } from '../lib/plugin.ts';
import { compileSchema } from '../lib/schema-problems.ts';
import { Secret, type SecretOrigin } from '../lib/secret.ts';
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
  return problems.length === 0 ? (finished(reading, schema, typed, path) as Settings) : null;
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

function finished(reading: ConfigReading, schema: PluginSchema | null, value: unknown, path: Path): unknown {
  if (schema === null) return deepFreeze(value);
  if (Array.isArray(value)) {
    const items = value.map((item, at) => finished(reading, childSchema(schema, at), item, [...path, at]));
    return Object.freeze(items);
  }
  if (isRecord(value)) return finishedRecord(reading, schema, value, path);
  if (typeof value !== 'string') return value;
  if (schema['x-path'] === true) return resolve(folderOf(reading), value);
  return schema.format === 'password' ? secretOf(reading, schema, value, path) : value;
}

function finishedRecord(reading: ConfigReading, schema: PluginSchema, value: Settings, path: Path): Settings {
  const end = (key: string, item: unknown): unknown =>
    finished(reading, childSchema(schema, key), item, [...path, key]);
  const filled = [...propertiesOf(schema)]
    .filter(([key]) => !Object.hasOwn(value, key))
    .map(([key, child]) => [key, defaultOf(child)] as const)
    .filter(([, item]) => item !== undefined);
  return Object.freeze(
    Object.fromEntries([...Object.entries(value), ...filled].map(([key, item]) => [key, end(key, item)])),
  );
}

function secretOf(reading: ConfigReading, schema: PluginSchema, text: string, path: Path): Secret {
  const origin = reading.followed.get(JSON.stringify(path));
  return new Secret(origin ? keptToSchema(origin, schema, text) : text);
}

/** As the origin, without what the schema refuses: the text before holds then. */
function keptToSchema(origin: SecretOrigin, schema: PluginSchema, first: string): SecretOrigin {
  let good = first;
  let seen = first;
  let refusal: string | null = null;
  const text = (): string => {
    const now = origin.text();
    if (now === seen) return good;
    seen = now;
    refusal = compileSchema(schema)(now)[0]?.message ?? null;
    if (refusal === null) good = now;
    return good;
  };
  return { text, trouble: () => origin.trouble() ?? refusal };
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
