import { isUtf8 } from 'node:buffer';

/** A hundred times the largest rule; a template of five thousand rules has less. */
export const MOST_BYTES = 16 * 1024 * 1024;

export type FileText =
  | { readonly text: string; readonly fault: null }
  | { readonly text: null; readonly fault: string };

/** The text of a rule file: UTF-8, or UTF-16 where its mark says so (PowerShell exports it). */
export function fileText(bytes: Uint8Array): FileText {
  if (bytes.length > MOST_BYTES) return { text: null, fault: `it is larger than ${MOST_BYTES} bytes.` };
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: buffer.toString('utf16le'), fault: null };
  if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0)
    return { text: Buffer.from(buffer).swap16().toString('utf16le'), fault: null };
  if (bytes.includes(0)) return { text: null, fault: faultOfZeros(bytes) };
  if (isUtf8(bytes)) return { text: buffer.toString('utf8'), fault: null };
  return { text: null, fault: 'it is not UTF-8 text.' };
}

/** No text of YAML, JSON or KQL has the character 0; in UTF-16 every second byte of Western letters is one. */
function faultOfZeros(bytes: Uint8Array): string {
  const head = bytes.subarray(0, 1000);
  const [even, odd] = [0, 1].map((rest) => head.filter((byte, at) => byte === 0 && at % 2 === rest).length);
  const most = Math.max(even ?? 0, odd ?? 0);
  const isWide = most > head.length / 4 && Math.min(even ?? 0, odd ?? 0) < most / 10;
  return isWide ? 'it is UTF-16 without a mark (BOM): save it as UTF-8.' : 'it holds the character 0 and is no text.';
}
