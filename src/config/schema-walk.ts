import type { PluginSchema } from '../lib/plugin.ts';

const BRANCHES = ['allOf', 'anyOf', 'oneOf'] as const;

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema itself and all that it is combined of. */
function* parts(schema: PluginSchema): Generator<PluginSchema> {
  yield schema;
  for (const branch of BRANCHES) {
    const list = schema[branch];
    if (Array.isArray(list)) for (const one of list) if (isRecord(one)) yield* parts(one);
  }
}

/** Properties that a schema names, in whatever branch. */
export function propertiesOf(schema: PluginSchema): ReadonlyMap<string, PluginSchema> {
  const found = new Map<string, PluginSchema>();
  for (const part of parts(schema)) {
    if (!isRecord(part.properties)) continue;
    for (const [key, child] of Object.entries(part.properties)) {
      if (isRecord(child) && !found.has(key)) found.set(key, child);
    }
  }
  return found;
}

/** The schema of one entry of a map or list; null where nothing is known of it. */
export function childSchema(schema: PluginSchema, key: string | number): PluginSchema | null {
  if (typeof key === 'number') return isRecord(schema.items) ? schema.items : null;
  const named = propertiesOf(schema).get(key);
  if (named) return named;
  return isRecord(schema.additionalProperties) ? schema.additionalProperties : null;
}

/** The JSON types that a schema lets pass; empty where it does not say. */
export function typesOf(schema: PluginSchema): readonly string[] {
  if (schema.const !== undefined) return [typeof schema.const];
  return [schema.type].flat().filter((type) => typeof type === 'string');
}
