import type { Alert } from '../alerts/alert.ts';
import { numberCap, textCap } from './cef-keys.ts';
import { isIpv4 } from './ip-address.ts';
import { type FlatLine, flatLines, flatPairs, type KeyGroups } from './mapping/flat-lines.ts';
import type { MappedValue } from './mapping/value.ts';

/** One extension value; keys that the standard leaves to us come with a label. */
export interface CefField {
  readonly key: string;
  /** Not escaped and not cut yet. */
  readonly value: string;
  readonly label: string | null;
  /** Longest value in characters; 0: a number or an address, which is neither cut nor escaped. */
  readonly cap: number;
}

const GROUPS: KeyGroups = [
  ['duser', 'dntdom', 'duid'],
  ['suser', 'sntdom', 'suid'],
  ['fname', 'filePath', 'fsize', 'fileHash'],
];

/** Where an IPv6 address goes, because `src` and `dst` take IPv4 only; `dvc` has no such place. */
const IPV6_PLACES: Readonly<Record<string, readonly [string, string]>> = {
  src: ['c6a2', 'Source IPv6 Address'],
  dst: ['c6a3', 'Destination IPv6 Address'],
};
const MAY_BE_IPV6 = ['src', 'dst', 'c6a2', 'c6a3'];
const UNCUT = 0;

interface CefLine extends FlatLine {
  readonly textCap: number | null;
  readonly numberCap: number | null;
}

const LINES_OF_CEF: readonly CefLine[] = flatLines(({ cef }) => cef, GROUPS).map((one) => ({
  ...one,
  shared: one.shared || MAY_BE_IPV6.includes(one.key),
  textCap: textCap(one.key),
  numberCap: numberCap(one.key),
}));

/** The extension of an alert, most important first. */
export function cefFields(alert: Alert): readonly CefField[] {
  return flatPairs(alert, LINES_OF_CEF, cefField);
}

function cefField(one: CefLine, value: MappedValue): CefField | null {
  const { key, label } = one;
  if (one.textCap !== null) return { key, label, value: String(value), cap: one.textCap };
  if (one.numberCap === null) return addressField(key, label, one.kind === 'mac', String(value));
  return typeof value === 'number' && value <= one.numberCap ? { key, label, value: String(value), cap: UNCUT } : null;
}

function addressField(key: string, label: string | null, isMac: boolean, value: string): CefField | null {
  if (isMac) return { key, label, value: value.replaceAll('-', ':'), cap: UNCUT };
  if (label !== null || isIpv4(value)) return { key, label, value, cap: UNCUT };
  const place = IPV6_PLACES[key];
  return place ? { key: place[0], label: place[1], value, cap: UNCUT } : null;
}
