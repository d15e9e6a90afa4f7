import { CEF } from './cef.ts';
import type { NamedFormat } from './format.ts';
import { NATIVE } from './native.ts';

/** Every format by the name it has in the configuration. */
export const FORMATS: ReadonlyMap<string, NamedFormat> = new Map([NATIVE, CEF].map((one) => [one.name, one]));
