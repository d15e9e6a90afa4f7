import { documentSchema } from '../../src/config/config-schema.ts';
import { hostSchema } from '../../src/config/host-schema.ts';
import { isRecord } from '../../src/config/schema-walk.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import type { PluginSchema } from '../../src/lib/plugin.ts';
import { authSchema } from '../../src/sources/auth/auth-config.ts';
import { SOURCES } from '../../src/sources/registry.ts';
import { TARGETS } from '../../src/targets/registry.ts';

export const REGISTRIES = { sources: SOURCES, targets: TARGETS, formats: FORMATS, auth: authSchema };

/** A field that a schema calls a secret, and the smallest settings around it: every text that is a secret there is a canary. */
export interface SecretField {
  /** Such as `targets.jira.auth.bearer`. */
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly canaries: readonly string[];
}

/** Values of what a schema requires and is no secret; a new plugin that needs another word needs it here. */
export type Words = Readonly<Record<string, unknown>>;

/** Writes a secret that fits the schema of its field. */
export type WriteSecret = (key: string, schema: PluginSchema, canary: string) => string;

const whole = hostSchema(documentSchema(REGISTRIES)).schema;
let made = 0;

/** The parts of the configuration that hold secrets: by the name of a source, of a target's type, or of a section. */
function parts(): readonly (readonly [name: string, schema: PluginSchema, type: Words])[] {
  const { source, auth, targets, ...sections } = propertiesIn(whole);
  const target = isRecord(targets?.additionalProperties) ? targets.additionalProperties : {};
  return [
    ...choices(source ?? {}, 'api').map(([kind, one]) => [`source.${kind}`, one, { api: kind }] as const),
    ['auth', auth ?? {}, {}] as const,
    ...choices(target, 'type').map(([kind, one]) => [`targets.${kind}`, one, { type: kind }] as const),
    ...Object.entries(sections).map(([name, one]) => [name, one, {}] as const),
  ];
}

/** Every field of the configuration that is a secret, each in settings of its own. */
export function secretFields(words: Words, writeSecret: WriteSecret): readonly SecretField[] {
  return parts().flatMap(([name, schema, type]) =>
    pathsOf(schema, []).map((path) => {
      const canaries: string[] = [];
      const canary = (key: string, own: PluginSchema): string => {
        made += 1;
        const text = `Canary${String(made).padStart(4, '0')}Canary7Canary7Canary7Canary7`;
        canaries.push(text);
        return writeSecret(key, own, text);
      };
      const settings = sample(name.split('.').at(-1) ?? '', schema, path, { words: { ...words, ...type }, canary });
      return { name: [name, ...path].join('.'), settings: settings as SecretField['settings'], canaries };
    }),
  );
}

function propertiesIn(schema: PluginSchema): Readonly<Record<string, PluginSchema>> {
  return (isRecord(schema.properties) ? schema.properties : {}) as Readonly<Record<string, PluginSchema>>;
}

function choices(schema: PluginSchema, key: string): readonly (readonly [string, PluginSchema])[] {
  const branches = Array.isArray(schema.allOf) ? (schema.allOf as readonly PluginSchema[]) : [];
  return branches.map((branch) => {
    const chosen = propertiesIn(branch.if as PluginSchema)[key]?.const;
    return [String(chosen), branch.then as PluginSchema] as const;
  });
}

function pathsOf(schema: unknown, path: readonly string[]): readonly (readonly string[])[] {
  if (!isRecord(schema)) return [];
  if (schema.writeOnly === true) return [path];
  return [
    ...Object.entries(propertiesIn(schema)).flatMap(([key, child]) => pathsOf(child, [...path, key])),
    ...pathsOf(schema.additionalProperties, [...path, '*']),
    ...pathsOf(schema.items, [...path, '[]']),
    ...['anyOf', 'oneOf', 'allOf', 'then'].flatMap((key) =>
      [schema[key]].flat().flatMap((branch) => pathsOf(branch, path)),
    ),
  ];
}

interface Making {
  readonly words: Words;
  readonly canary: (key: string, schema: PluginSchema) => string;
}

/** The smallest value that holds what is at the path. */
function sample(key: string, schema: PluginSchema, [step, ...path]: readonly string[], making: Making): unknown {
  if (schema.writeOnly === true) return making.canary(key, schema);
  if (step === '[]') return [sample(key, schema.items as PluginSchema, path, making)];
  if (step === '*') return { 'x-name': sample('x-name', schema.additionalProperties as PluginSchema, path, making) };
  if (step === undefined && key in making.words) return making.words[key];
  if (schema.type !== 'object') throw new Error(`"${key}" is required and has no value: give it one in the words.`);
  const properties = propertiesIn(schema);
  const needed = isRecord(schema.dependencies) && step !== undefined ? schema.dependencies[step] : [];
  const named = [schema.required, needed, step].flat().filter((one) => typeof one === 'string');
  // One of several ways, such as those to sign in: the first.
  const required = named.length > 0 ? named : Object.keys(properties).slice(0, 1);
  return Object.fromEntries(
    [...new Set(required)].map((name) => [
      name,
      sample(name, properties[name] ?? {}, name === step ? path : [], making),
    ]),
  );
}
