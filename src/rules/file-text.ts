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
  if (isUtf8(bytes)) return { text: buffer.toString('utf8'), fault: null };
  return { text: null, fault: 'it is not UTF-8 text.' };
}
