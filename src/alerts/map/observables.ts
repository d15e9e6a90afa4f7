import { cutText } from '../../lib/text.ts';
import type { EntityType } from '../../rules/rule.ts';
import type { AlertEntity, Observable } from '../alert.ts';

const MAX_OBSERVABLES = 200;
const MAX_VALUE = 2048;

const HASHES = { sha256: 'sha256', sha1: 'sha1', md5: 'md5' };

/** By entity type: which fields are worth a search elsewhere, and what kind of value they hold. */
const TYPES: Readonly<Record<EntityType, Readonly<Record<string, string>>>> = {
  host: { name: 'hostname' },
  account: { name: 'user', upn: 'upn', sid: 'sid' },
  file: { name: 'file-name', path: 'file-path', ...HASHES },
  process: { name: 'process-name', commandLine: 'command-line', ...HASHES },
  ip: { name: 'ip', address: 'ip' },
  url: { name: 'url', url: 'url' },
  mail: { id: 'mail-id', sender: 'mail-address', recipient: 'mail-address' },
  registry: { name: 'registry-key', key: 'registry-key' },
  app: { id: 'app-id', name: 'app-name' },
};

type FieldTypes = readonly (readonly [string, string])[];

const FIELDS = new Map<EntityType, FieldTypes>(
  Object.entries(TYPES).map(([type, fields]) => [type as EntityType, Object.entries(fields)]),
);

/** The single values of entities, each once, at most 200: what a receiver looks up or searches for. */
export function observablesOf(entities: readonly AlertEntity[]): readonly Observable[] {
  const found: Observable[] = [];
  for (const entity of entities) {
    for (const [field, type] of FIELDS.get(entity.type) ?? []) {
      const value = entity[field];
      if (typeof value !== 'string' || value === '') continue;
      const short = cutText(value, MAX_VALUE);
      if (!holds(found, type, short)) found.push({ type, value: short });
    }
  }
  return found.length > MAX_OBSERVABLES ? found.slice(0, MAX_OBSERVABLES) : found;
}

function holds(found: readonly Observable[], type: string, value: string): boolean {
  for (const one of found) if (one.type === type && one.value === value) return true;
  return false;
}
