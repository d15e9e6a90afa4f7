import type { Payload } from '../formats/format.ts';

const BREAKS = /\r\n|[\n\r\0]/g;

/**
 * The payload's body on one line, for transports where a line break ends a message. In JSON a raw line break is white
 * space between tokens and becomes a space; elsewhere it is content and becomes the two characters `\n`.
 */
export function singleLine(payload: Payload): string {
  const isJson = /\bjson\b/i.test(payload.contentType);
  return payload.body.replace(BREAKS, isJson ? ' ' : '\\n');
}
