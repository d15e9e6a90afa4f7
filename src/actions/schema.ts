/** JSON Schema draft-07, as far as actions use it: what of it OpenAPI has, too. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What an action takes: one object, and nothing that is not named. */
export interface InputSchema extends JsonSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, JsonSchema>>;
}

export const A_TEXT: JsonSchema = { type: 'string' };
export const TEXT_OR_NULL: JsonSchema = { type: ['string', 'null'] };
export const AN_INTEGER: JsonSchema = { type: 'integer' };
export const INTEGER_OR_NULL: JsonSchema = { type: ['integer', 'null'] };
export const NUMBER: JsonSchema = { type: 'number' };
export const NUMBER_OR_NULL: JsonSchema = { type: ['number', 'null'] };
export const TRUTH: JsonSchema = { type: 'boolean' };
export const A_TIME: JsonSchema = { type: 'string', format: 'date-time' };
/** No path, whatever a verb takes beside ids. */
export const RULE_ID: JsonSchema = { type: 'string', pattern: '^[A-Za-z0-9-]{1,128}$' };
export const ANY_OBJECT: JsonSchema = { type: 'object' };
/** By name so many. */
export const A_COUNT_EACH: JsonSchema = { type: 'object', additionalProperties: AN_INTEGER };
/** An alert, as schemas/alert.schema.json has it. */
export const ALERT_DOCUMENT: JsonSchema = { $ref: 'schemas/alert.schema.json' };

/** An object that always has these, but for the optional ones; it may get more with later versions. */
export function gives(properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', ...(required.length > 0 && { required }), properties };
}

export function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

export function oneOf(words: readonly string[]): JsonSchema {
  return { type: 'string', enum: words };
}

export function orNull(schema: JsonSchema): JsonSchema {
  return { ...schema, type: [schema.type, 'null'] };
}

export function takes(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[] = []): InputSchema {
  return { type: 'object', additionalProperties: false, required, properties };
}

/** What callers say is short; what is longer is a mistake, or meant to cost. */
const LONGEST_TEXT = 1000;

/** A text of a caller's; `cli` is how the verb takes it: `--name`, `<name>`, `[name]`, `[name...]`. */
export function word(description: string, cli?: string): JsonSchema {
  return { type: 'string', maxLength: LONGEST_TEXT, description, ...(cli && { 'x-cli': cli }) };
}

export function flag(description: string, cli?: string): JsonSchema {
  return { type: 'boolean', description, ...(cli && { 'x-cli': cli }) };
}

const MOST_WORDS = 1000;

export function words(description: string, cli?: string): JsonSchema {
  const items = { type: 'string', maxLength: LONGEST_TEXT };
  return { type: 'array', items, maxItems: MOST_WORDS, description, ...(cli && { 'x-cli': cli }) };
}
