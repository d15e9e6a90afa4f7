import type { ParamValue } from '../../kql/prepared.ts';
import type { Path } from '../../lib/yaml/parse-yaml.ts';
import { type Reading, report } from './reading.ts';

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;
/** Names that the window puts into the query itself. */
const RESERVED = ['_from', '_to'];

/** `params`: text, integers of 64 bits, reals, booleans and lists of these. */
export function readParams(
  reading: Reading,
  raw: Readonly<Record<string, unknown>>,
): Readonly<Record<string, ParamValue>> {
  const entries = Object.entries(raw).map(([name, value]) => {
    if (RESERVED.includes(name)) report(reading, ['params', name], `The name "${name}" is reserved for the window.`);
    return [name, readValue(reading, ['params', name], value)] as const;
  });
  return Object.freeze(Object.fromEntries(entries));
}

function readValue(reading: Reading, path: Path, value: unknown): ParamValue {
  if (Array.isArray(value))
    return Object.freeze(value.map((item, index) => readValue(reading, [...path, index], item)));
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value !== 'bigint')
    report(reading, path, 'A list in "params" holds text, numbers, true, false and lists only.');
  else if (value < LONG_MIN || value > LONG_MAX) report(reading, path, 'The integer does not fit into 64 bits.');
  else return value;
  return '';
}
