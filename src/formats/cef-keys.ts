/** Length caps, in characters, of the text keys that we send (CEF implementation standard, version 0.1 of the dictionary). */
const TEXT_CAPS = {
  act: 63,
  c6a2Label: 1023,
  c6a3Label: 1023,
  cat: 1023,
  cn1Label: 1023,
  cn2Label: 1023,
  cn3Label: 1023,
  cs1: 4000,
  cs1Label: 1023,
  cs2: 4000,
  cs2Label: 1023,
  cs3: 4000,
  cs3Label: 1023,
  cs4: 4000,
  cs4Label: 1023,
  cs5: 4000,
  cs5Label: 1023,
  cs6: 4000,
  cs6Label: 1023,
  deviceExternalId: 255,
  dhost: 1023,
  dntdom: 255,
  dproc: 1023,
  duid: 1023,
  duser: 1023,
  externalId: 40,
  fileHash: 255,
  filePath: 1023,
  flexString1: 1023,
  flexString1Label: 128,
  flexString2: 1023,
  flexString2Label: 128,
  huntwireAcknowledgedBy: 1023,
  huntwireDisposition: 63,
  huntwireSourceAlertId: 1023,
  huntwireSuppressed: 1023,
  fname: 1023,
  msg: 1023,
  outcome: 63,
  proto: 31,
  request: 1023,
  reason: 1023,
  requestClientApplication: 1023,
  shost: 1023,
  sntdom: 255,
  sourceServiceName: 1023,
  sproc: 1023,
  suid: 1023,
  suser: 1023,
} as const;

export type TextKey = keyof typeof TEXT_CAPS;

/** Greatest values of the number keys that we send; all are whole and not negative. */
const NUMBER_CAPS = {
  cn1: Number.MAX_SAFE_INTEGER,
  cn2: Number.MAX_SAFE_INTEGER,
  cn3: Number.MAX_SAFE_INTEGER,
  cnt: 2 ** 31 - 1,
  dpid: 2 ** 32 - 1,
  dpt: 65_535,
  end: Number.MAX_SAFE_INTEGER,
  fsize: Number.MAX_SAFE_INTEGER,
  rt: Number.MAX_SAFE_INTEGER,
  spid: 2 ** 32 - 1,
  spt: 65_535,
  start: Number.MAX_SAFE_INTEGER,
} as const;

export type NumberKey = keyof typeof NUMBER_CAPS;

/** IPv6 addresses have keys of their own; `src`, `dst` and `dvc` take IPv4 only. */
export type AddressKey = 'src' | 'dst' | 'dvc' | 'c6a2' | 'c6a3' | 'dmac';

export type CefKey = TextKey | NumberKey | AddressKey;

/** Longest value of a text key in characters; null where the key takes no text. */
export function textCap(key: string): number | null {
  return Object.hasOwn(TEXT_CAPS, key) ? TEXT_CAPS[key as TextKey] : null;
}

/** Greatest value of a number key; null where the key takes no number. */
export function numberCap(key: string): number | null {
  return Object.hasOwn(NUMBER_CAPS, key) ? NUMBER_CAPS[key as NumberKey] : null;
}
