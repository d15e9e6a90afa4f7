const ELLIPSIS = '…';

/** The text with every lone surrogate replaced by U+FFFD, so that it has a UTF-8 form. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

/** At most `limit` UTF-16 units, an ellipsis in place of what was cut; never half a surrogate pair. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  if (limit <= 0) return '';
  return withoutHalfPair(text.slice(0, limit - 1)) + ELLIPSIS;
}

/** At most `maxBytes` bytes of UTF-8, cut between characters; well-formed text in, well-formed text out. */
export function cutUtf8(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const bytes = Buffer.from(text.slice(0, Math.max(0, maxBytes)));
  let end = Math.max(0, Math.min(maxBytes, bytes.length));
  while (end > 0 && isContinuation(bytes[end])) end -= 1;
  return bytes.subarray(0, end).toString();
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function withoutHalfPair(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}

/** `1 rule`, `3 rules`; with a third word where the plural has another form (`1 entry`, `3 entries`). */
export function countOf(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

/** `5 duplicate, 2 quiet`, of the counts by name. */
export function listCounts(counts: Readonly<Partial<Record<string, number>>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}

/** The steps of a path such as `Fields.Items[0].Name`: names, and numbers of items. A text without dots and brackets is its only step. */
export function pathSteps(path: string): readonly string[] {
  return path
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .map((step) => step.trim());
}
