type Schema = Readonly<Record<string, unknown>>;

/** Keys of a rule, and of its `alert`, that an overlay may set. */
const OF_RULE = [
  ...['previousIds', 'schedule', 'window', 'severity', 'status', 'targets', 'exceptions', 'params', 'redact'],
] as const;
const OF_ALERT = ['dedup', 'suppress', 'resolveAfter', 'updates', 'entities', 'details'] as const;

/** The JSON Schema 2020-12 of an overlay file, made of the schema of rules. `$defs/set` is that of a `defaults.yaml`. */
export function overlaySchemaOf(ruleSchema: Schema): Schema {
  const rule = recordOf(ruleSchema.properties);
  const alert = recordOf(recordOf(rule.alert).properties);
  const properties = Object.fromEntries([
    ...OF_RULE.map((key) => [key, withoutDefault(rule[key])]),
    ...OF_ALERT.map((key) => [key, withoutDefault(alert[key])]),
  ]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'overlay.schema.json',
    title: 'Huntwire overlays',
    description: 'What is laid over rules that match, so that their files need not be edited.',
    type: 'object',
    additionalProperties: false,
    required: ['overlays'],
    properties: { overlays: { type: 'array', minItems: 1, maxItems: 10_000, items: ENTRY } },
    $defs: { match: MATCH, set: setSchema(properties), ...recordOf(ruleSchema.$defs) },
  };
}

/** The JSON Schema 2020-12 of a `defaults.yaml`: what an overlay sets, by itself. */
export function defaultsSchemaOf(ruleSchema: Schema): Schema {
  const { set, match: _, ...shared } = recordOf(overlaySchemaOf(ruleSchema).$defs);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'defaults.schema.json',
    title: 'Huntwire defaults',
    ...recordOf(set),
    description:
      'What is laid over all rules of this folder and below. exceptions and entities are added to those that are there.',
    ...(Object.keys(shared).length > 0 && { $defs: shared }),
  };
}

const ENTRY = {
  description: 'One overlay. Entries are laid over a rule in their order, later ones over earlier ones.',
  type: 'object',
  additionalProperties: false,
  required: ['match', 'set'],
  properties: { match: { $ref: '#/$defs/match' }, set: { $ref: '#/$defs/set' } },
};

const texts = (description: string): Schema => ({
  description,
  type: 'array',
  minItems: 1,
  maxItems: 10_000,
  items: { type: 'string', minLength: 1, maxLength: 256 },
});

const MATCH = {
  description: 'Which rules: every field that is given must hold, with any one of its values. {} is all rules.',
  type: 'object',
  additionalProperties: false,
  properties: {
    ids: texts('Ids of rules.'),
    globs: texts('Patterns for ids or files: * within a name, ** across folders, ? one character.'),
    tags: texts('Tags of rules.'),
    tactics: texts('ATT&CK tactics by id or name, those of the rule’s techniques included.'),
    severities: {
      description: 'Severities as the rules’ own files say them.',
      type: 'array',
      minItems: 1,
      items: { enum: ['informational', 'low', 'medium', 'high', 'critical'] },
    },
  },
};

function setSchema(properties: Schema): Schema {
  return {
    description: 'What to say in the rule’s place. exceptions and entities are added to those that are there.',
    type: 'object',
    additionalProperties: false,
    minProperties: 1,
    properties,
  };
}

function withoutDefault(schema: unknown): Schema {
  const { default: _, ...rest } = recordOf(schema);
  return rest;
}

function recordOf(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? (value as Schema) : {};
}
