import { quotedText } from '../literal.ts';
import type { Column, ScalarType } from '../types.ts';
import { PACK_PREFIX } from './packable.ts';

/** One query of a pack, as it would be sent alone. */
export interface PackLeg {
  readonly text: string;
  /** Its result columns. */
  readonly columns: readonly Column[];
}

export interface PackQuery {
  readonly text: string;
  /** Which leg stands at an offset of the text; null: none. */
  legAt(offset: number): number | null;
}

/** Result columns of a pack: which leg a row is of, and its cells as JSON. */
export const LEG_COLUMN = `${PACK_PREFIX}leg`;
export const ROW_COLUMN = `${PACK_PREFIX}row`;

/**
 * One query of several: each leg is the body of a function of its own, so that whatever names it declares hold in it alone, and its rows
 * are reduced to its number and their cells. The legs' texts stand in it as they are.
 */
export function packQuery(legs: readonly PackLeg[]): PackQuery {
  const ends: number[] = [];
  let text = '';
  for (const [index, leg] of legs.entries()) {
    text += `let ${PACK_PREFIX}${index} = () {\n${leg.text}\n};\n`;
    ends.push(text.length);
  }
  const parts = legs.map(({ columns }, index) => `(${PACK_PREFIX}${index}() | ${projection(columns, index)})`);
  const functions = text.length;
  text += `union ${parts.join(', ')}`;
  const legAt = (offset: number): number | null => {
    if (offset < 0 || offset >= functions) return null;
    return ends.findIndex((end) => offset < end);
  };
  return { text, legAt };
}

function projection(columns: readonly Column[], index: number): string {
  const cells = columns.map(cellOf).join(', ');
  return `project ${LEG_COLUMN} = ${index}, ${ROW_COLUMN} = tostring(pack_array(${cells}))`;
}

/** Types whose values JSON has no exact form of travel as text, in which the answers of the services have them, too. */
const AS_TEXT: ReadonlySet<ScalarType> = new Set(['long', 'decimal', 'datetime', 'timespan', 'guid']);

function cellOf({ name, type }: Column): string {
  const reference = `[${quotedText(name)}]`;
  return AS_TEXT.has(type) ? `tostring(${reference})` : reference;
}
