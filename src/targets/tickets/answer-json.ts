import type { JsonObject } from '../../formats/presets/preset.ts';
import type { HttpAnswer } from '../webhook/webhook-exchange.ts';

/** The JSON document of an answer; null where it is none, or was too long to be read whole. */
export function jsonOf(answer: HttpAnswer | null): unknown {
  if (!answer?.isWhole) return null;
  try {
    return JSON.parse(answer.text);
  } catch {
    return null;
  }
}

/** The value as an object; an empty one where it is none, so that its fields are undefined. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** The value as a list of objects; an empty one where it is none. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

/** A text that names something, or null. */
export function textIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** An id as text, however it is written, or null. */
export function idIn(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : textIn(value);
}
