import type { RenderedQuery } from './render.ts';

/** A place in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface SentQuery {
  readonly text: string;
  /** The offset in the rule's query of an offset in the sent text. */
  toOriginal(offset: number): number;
  /** The same for a line and column, as the service tells errors. Places in the comment line count as the query's start. */
  toOriginalPosition(position: Position): Position;
}

/** The query as it is sent: in front, a comment line by which an operator finds it in the tenant's logs. */
export function labelQuery(ruleId: string, original: string, rendered: RenderedQuery): SentQuery {
  const label = `// huntwire ${ruleId.replaceAll(/\s+/g, ' ')}\n`;
  const text = label + rendered.text;
  const toOriginal = (offset: number): number => rendered.toOriginal(Math.max(0, offset - label.length));
  return {
    text,
    toOriginal,
    toOriginalPosition: (position) => positionAt(original, toOriginal(offsetAt(text, position))),
  };
}

/** The offset of a line and column; places behind the end of a line or text count as its end. */
export function offsetAt(text: string, { line, column }: Position): number {
  let start = 0;
  for (let current = 1; current < line; current += 1) {
    const end = text.indexOf('\n', start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  return Math.min(start + Math.max(0, column - 1), end < 0 ? text.length : end);
}

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, Math.max(0, offset));
  const start = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let at = before.indexOf('\n'); at >= 0; at = before.indexOf('\n', at + 1)) line += 1;
  return { line, column: before.length - start + 1 };
}
