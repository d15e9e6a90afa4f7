import type { PluginSchema } from '../lib/plugin.ts';
import { targetSchemaOf } from './fallbacks.ts';
import { frameSchema } from './frame-schema.ts';
import { carriedFormats, type Registries } from './registries.ts';
import { isRecord } from './schema-walk.ts';

const REFERENCE = { type: 'string', pattern: '\\$\\{(?:env|file):[^{}]+\\}' };
const MAPS = ['properties', '$defs', 'dependentSchemas'];
const LISTS = ['allOf', 'anyOf', 'oneOf'];
const SINGLES = ['items', 'additionalProperties', 'if', 'then', 'else'];
const SHAPES = ['type', 'const', 'enum', 'properties', 'items', 'additionalProperties', ...LISTS];

/** The JSON Schema 2020-12 of a whole configuration file, for editors: the frame with the schemas of all plugins in their places. */
export function documentSchema(registries: Registries): PluginSchema {
  const targets = new Map(
    [...registries.targets].map(([name, plugin]) => [
      name,
      targetSchemaOf(withFormats(plugin.configSchema, registries)),
    ]),
  );
  const sources = new Map([...registries.sources].map(([name, plugin]) => [name, plugin.configSchema]));
  const definitions = {
    source: oneOfKind('api', 'graph', sources, 'Where queries run.'),
    auth: { description: 'Credentials; exactly one kind.', ...registries.auth },
    target: oneOfKind('type', null, targets, 'One target.'),
  };
  const use = (name: keyof typeof definitions): PluginSchema => ({ $ref: `#/$defs/${name}` });
  const frame = frameSchema({ source: use('source'), auth: use('auth'), target: use('target') });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'config.schema.json',
    title: 'Huntwire configuration',
    description: 'What huntwire.yaml holds. A value may also be a reference to a variable or file.',
    ...(withReferences({ ...frame, $defs: definitions }) as PluginSchema),
  };
}

/** A choice by the value of one key, written so that an editor tells what is wrong with the chosen one and not with all others. */
function oneOfKind(
  key: string,
  fallback: string | null,
  schemas: ReadonlyMap<string, PluginSchema>,
  description: string,
): PluginSchema {
  const names = [...schemas.keys()];
  const choices = [...schemas].map(([name, schema]) => ({
    if: { properties: { [key]: { const: name } }, ...(name !== fallback && { required: [key] }) },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: asChoice(schema, name === fallback ? key : null),
  }));
  return {
    description,
    type: 'object',
    ...(fallback === null && { required: [key] }),
    properties: { [key]: { enum: names, ...(fallback !== null && { default: fallback }) } },
    allOf: choices,
  };
}

/** A plugin's schema as part of a larger one; `optional` names a key that it requires and that may be left out here. */
function asChoice({ $schema, $id, required, ...schema }: PluginSchema, optional: string | null): PluginSchema {
  const left = Array.isArray(required) ? required.filter((key) => key !== optional) : [];
  return left.length > 0 ? { ...schema, required: left } : schema;
}

function withFormats(schema: PluginSchema, { formats }: Registries): PluginSchema {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  if (!isRecord(properties.format)) return schema;
  const { type, 'x-headers': _, ...format } = properties.format;
  const names = carriedFormats(schema, formats);
  return { ...schema, properties: { ...properties, format: { ...format, enum: names } } };
}

/** The schema with a reference allowed wherever a single value stands; what tells plugins apart stays literal. */
function withReferences(schema: unknown): unknown {
  if (!isRecord(schema)) return schema;
  if (needsReference(schema)) {
    const { description, default: fallback, ...own } = schema;
    return {
      ...(description !== undefined && { description }),
      ...(fallback !== undefined && { default: fallback }),
      anyOf: [own, REFERENCE],
    };
  }
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, descend(key, value)]));
}

function descend(key: string, value: unknown): unknown {
  if (key === 'if') return value;
  if (MAPS.includes(key) && isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, withReferences(child)]));
  }
  if (LISTS.includes(key) && Array.isArray(value)) return value.map(withReferences);
  return SINGLES.includes(key) ? withReferences(value) : value;
}

/** A free text takes a reference as it is; numbers, choices and texts of a form do not. */
function needsReference(schema: PluginSchema): boolean {
  if (typeof schema.const === 'string' || !SHAPES.some((key) => schema[key] !== undefined)) return false;
  if (schema.type === 'object' || schema.type === 'array' || LISTS.some((key) => schema[key] !== undefined))
    return false;
  return schema.type !== 'string' || schema.pattern !== undefined || schema.enum !== undefined;
}
