import type { HttpAnswer } from '../webhook/webhook-exchange.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The object of an answer; null where it is none, or was cut. */
export function jsonOf({ text, isWhole }: HttpAnswer): Fields | null {
  if (!isWhole) return null;
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return null;
  }
}

export function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

/** A text of an object, empty where there is none. */
export function textIn(fields: Fields | null, name: string): string {
  const value = fields?.[name];
  return typeof value === 'string' ? value : '';
}
