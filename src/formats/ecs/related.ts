import type { Alert } from '../../alerts/alert.ts';
import { mappedValue } from '../mapping/value.ts';

/** Where Elastic looks for all values of a kind, by the type of an observable of ours. */
const KINDS: Readonly<Record<string, 'ip' | 'hosts' | 'user' | 'hash'>> = {
  ip: 'ip',
  hostname: 'hosts',
  user: 'user',
  upn: 'user',
  sid: 'user',
  sha256: 'hash',
  sha1: 'hash',
  md5: 'hash',
};

/** `related`: what is worth a search, by kind, each once. */
export function relatedTo({ observables }: Alert): { readonly related?: Readonly<Record<string, readonly string[]>> } {
  const found: Record<string, string[]> = {};
  for (const { type, value } of observables) {
    const kind = KINDS[type];
    const text = kind === undefined ? null : mappedValue(kind === 'ip' ? 'ip' : 'text', value);
    if (kind === undefined || typeof text !== 'string') continue;
    const values = found[kind] ?? [];
    if (!values.includes(text)) found[kind] = [...values, text];
  }
  return Object.keys(found).length > 0 ? { related: found } : {};
}
