import type { JSONObject } from '@modelcontextprotocol/server';
import {
  A_TEXT,
  AN_INTEGER,
  gives,
  INTEGER_OR_NULL,
  type JsonSchema,
  listOf,
  TEXT_OR_NULL,
} from '../actions/schema.ts';

const ERROR = gives(
  {
    code: A_TEXT,
    message: A_TEXT,
    problems: listOf(
      gives({ file: TEXT_OR_NULL, line: INTEGER_OR_NULL, column: INTEGER_OR_NULL, code: A_TEXT, message: A_TEXT }),
    ),
    retryAfterMs: { type: 'number' },
  },
  ['message', 'problems', 'retryAfterMs'],
);

/** Of texts and lists that are cut, and of characters that are written out, these may be true no more. */
const UNTRUE = ['pattern', 'format', 'maxLength', 'minLength', 'minItems', 'maxItems'];

/** Of the structured content of a tool: what it gives, or what went wrong, with the notice and what was left out. */
export function answerSchema(result: JsonSchema): JSONObject & { readonly type: 'object' } {
  const document = gives(
    {
      notice: A_TEXT,
      result: { anyOf: [loosened(result), { type: 'null' }] },
      error: ERROR,
      cut: listOf(gives({ path: A_TEXT, kept: AN_INTEGER, of: AN_INTEGER })),
      advice: A_TEXT,
    },
    ['result', 'error', 'cut', 'advice'],
  );
  return document as unknown as JSONObject & { readonly type: 'object' };
}

function loosened(schema: JsonSchema): JsonSchema {
  if (typeof schema.$ref === 'string')
    return { type: 'object', description: `As the package has it in ${schema.$ref}.` };
  const members = Object.entries(schema).filter(([name]) => !UNTRUE.includes(name));
  return Object.fromEntries(members.map(([name, value]) => [name, loosenedMember(name, value)]));
}

/** Names of properties are no words of the schema. */
function loosenedMember(name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (name === 'properties')
    return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, loosened(of as JsonSchema)]));
  if (Array.isArray(value))
    return value.map((one) => (typeof one === 'object' && one !== null ? loosened(one as JsonSchema) : one));
  return name === 'items' || name === 'additionalProperties' ? loosened(value as JsonSchema) : value;
}
