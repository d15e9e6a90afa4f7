import { type CefKey, isWithin, type NumberKey, type TextKey } from './cef-keys.ts';
import { isIpv4, isIpv6 } from './ip-address.ts';

/** One extension value; keys that the standard leaves to us come with a label. */
export interface CefField {
  readonly key: CefKey;
  readonly value: string;
  readonly label: string | null;
}

/** Collects fields, each key once: the first that has a value wins. */
export interface FieldList {
  text(key: TextKey, value: unknown, label?: string): void;
  number(key: NumberKey, value: unknown, label?: string): void;
  address(end: 'source' | 'destination', value: unknown): void;
  fields(): readonly CefField[];
}

export function createFieldList(): FieldList {
  const found = new Map<CefKey, CefField>();
  const add = (key: CefKey, value: string, label: string | null): void => {
    if (value.trim() !== '' && !found.has(key)) found.set(key, { key, value, label });
  };
  return {
    text: (key, value, label) => add(key, plainText(value), label ?? null),
    number: (key, value, label) => {
      const number = typeof value === 'string' && value !== '' ? Number(value) : value;
      if (typeof number === 'number' && isWithin(key, number)) add(key, String(number), label ?? null);
    },
    address: (end, value) => {
      const text = plainText(value);
      if (isIpv4(text)) add(end === 'source' ? 'src' : 'dst', text, null);
      else if (isIpv6(text)) addIpv6(add, end, text);
    },
    fields: () => [...found.values()],
  };
}

function addIpv6(
  add: (key: CefKey, value: string, label: string) => void,
  end: 'source' | 'destination',
  text: string,
): void {
  if (end === 'source') add('c6a2', text, 'Source IPv6 Address');
  else add('c6a3', text, 'Destination IPv6 Address');
}

function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
