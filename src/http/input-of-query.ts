import type { InputSchema } from '../actions/schema.ts';

/** The parameters of an address as an action takes them: numbers and lists by its schema, the rest as texts. A list may be written with commas. */
export function inputOfQuery(
  { properties }: InputSchema,
  given: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(given).map(([name, texts]) => [name, readValue(properties[name], texts)]));
}

function readValue(schema: Readonly<Record<string, unknown>> | undefined, texts: readonly string[]): unknown {
  if (schema?.type === 'array') return texts.flatMap((text) => text.split(','));
  const [text = ''] = texts;
  if (texts.length > 1) return texts;
  if (schema?.type === 'integer' && /^\d{1,15}$/.test(text)) return Number(text);
  if (schema?.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
