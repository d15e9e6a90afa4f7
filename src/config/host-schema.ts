import type { PluginSchema } from '../lib/plugin.ts';
import { isRecord } from './schema-walk.ts';

/** The configuration of one tenant for hosts that show a form: draft-07, secrets marked and listed. */
export interface HostSchema {
  readonly schema: PluginSchema;
  /** Dotted paths of secrets; `*` stands for any name, `[]` for any entry of a list. */
  readonly secrets: readonly string[];
}

/** Annotations for our own loader, and the keys that a host's form has no use for. */
const OURS = ['$schema', '$id', '$defs', 'x-path', 'x-hint'];
const SEVERAL_TENANTS = 'tenants';

/**
 * What `configSchema` gives, in JSON Schema draft-07 and without references to variables and files: a host fills in values. What it
 * holds, written as JSON, is a valid configuration file.
 */
export function hostSchema(config: PluginSchema): HostSchema {
  const definitions = isRecord(config.$defs) ? config.$defs : {};
  const { [SEVERAL_TENANTS]: _, ...properties } = isRecord(config.properties) ? config.properties : {};
  const plain = plainSchema({ ...config, properties }, definitions);
  const schema = { $schema: 'http://json-schema.org/draft-07/schema#', ...(plain as PluginSchema) };
  return { schema, secrets: [...new Set(secretPaths(schema, ''))].sort() };
}

function plainSchema(node: unknown, definitions: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(node)) return node.map((one) => plainSchema(one, definitions));
  if (!isRecord(node)) return node;
  if (typeof node.$ref === 'string') return plainSchema(definitions[node.$ref.replace('#/$defs/', '')], definitions);
  const own = withoutReference(node);
  const entries = Object.entries(own)
    .filter(([key]) => !OURS.includes(key))
    .map(([key, value]) => [key === 'dependentRequired' ? 'dependencies' : key, plainSchema(value, definitions)]);
  return { ...Object.fromEntries(entries), ...(own.format === 'password' && { writeOnly: true }) };
}

/** `anyOf: [value, reference]` is the value alone. */
function withoutReference(node: PluginSchema): PluginSchema {
  const { anyOf, ...rest } = node;
  const [own, reference] = Array.isArray(anyOf) ? anyOf : [];
  if (!isRecord(own) || !isRecord(reference) || !String(reference.pattern).includes('env|file')) return node;
  return { ...rest, ...own };
}

function secretPaths(node: unknown, path: string): string[] {
  if (!isRecord(node)) return [];
  if (node.writeOnly === true) return [path];
  const below = (key: string): string => (path ? `${path}.${key}` : key);
  const named = isRecord(node.properties) ? Object.entries(node.properties) : [];
  const branches = Array.isArray(node.allOf) ? node.allOf : [];
  return [
    ...named.flatMap(([key, child]) => secretPaths(child, below(key))),
    ...secretPaths(node.additionalProperties, below('*')),
    ...secretPaths(node.items, `${path}[]`),
    ...branches.flatMap((branch) => (isRecord(branch) ? secretPaths(branch.then, path) : [])),
  ];
}
