import { formatCef } from './cef.ts';
import type { Format } from './format.ts';
import { formatNative } from './native.ts';

/** A format as a target's configuration names it. */
export interface NamedFormat {
  readonly name: string;
  readonly format: Format;
}

const ALL: readonly NamedFormat[] = [
  { name: 'native', format: formatNative },
  { name: 'cef', format: formatCef },
];

/** Every format by its name. */
export const FORMATS: ReadonlyMap<string, NamedFormat> = new Map(ALL.map((one) => [one.name, one]));
