import { wellFormed } from '../lib/text.ts';
import { withoutTurns } from '../lib/visible.ts';

const LINE_BREAK = /\r\n|\r|\n/g;
const CONTROL = /\p{Cc}/gu;
const OTHER_CONTROL = /[^\P{Cc}\r\n]/gu;

/** Most texts are printable ASCII without anything to escape: one look is cheaper than six, and one for what all must be than for what none may. */
const PLAIN_IN_HEADER = /^[ -[\]-{}~]*$/;
const PLAIN_IN_VALUE = /^[ -<>-[\]-~]*$/;

/** A header field: `\` and `|` escaped, on one line, in the order in which its characters stand. */
export function escapeHeader(text: string): string {
  if (PLAIN_IN_HEADER.test(text)) return text.trim();
  return withoutTurns(clean(text)).replace(LINE_BREAK, ' ').replace(CONTROL, ' ').replace(/[\\|]/g, '\\$&').trim();
}

/** An extension value: `\` and `=` escaped, line breaks as `\r` and `\n`, no space at its ends. */
export function escapeValue(text: string): string {
  if (PLAIN_IN_VALUE.test(text)) return text.trim();
  return clean(text)
    .replace(OTHER_CONTROL, ' ')
    .trim()
    .replace(/[\\=]/g, '\\$&')
    .replace(/\r/g, '\\r')
    .replace(/\n/g, '\\n');
}

/** Line separators that some receivers take for the end of a message count as line breaks. */
function clean(text: string): string {
  return wellFormed(text).replace(/[\u2028\u2029]/g, '\n');
}
