import { createHash } from 'node:crypto';
import { isRecord } from '../schema-walk.ts';

/**
 * By section of a configuration what tells whether it has changed: a hash of its values, those of secrets included. Of `http` the tokens
 * stand by themselves, as they can change while it listens.
 */
export function sectionDigests(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const { http, ...others } = raw;
  const sections = isRecord(http) ? { ...others, ...httpParts(http) } : others;
  return Object.freeze(Object.fromEntries(Object.entries(sections).map(([name, value]) => [name, digestOf(value)])));
}

function httpParts({ tokens, ...listener }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { http: listener, ...(tokens !== undefined && { 'http.tokens': tokens }) };
}

function digestOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(ordered(value)))
    .digest('hex');
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isRecord(value)) return value;
  return Object.entries(value)
    .map(([key, item]) => [key, ordered(item)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
