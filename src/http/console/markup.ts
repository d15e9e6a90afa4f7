import { raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { htmlText } from '../../lib/html/html-text.ts';
import { cutText } from '../../lib/text.ts';
import { visible } from '../../lib/visible.ts';

/** HTML in which every text of another side is text. */
export type Markup = HtmlEscapedString;

/** What a template may hold: texts are escaped, and what nobody sees in them is made visible. */
export type Hole = string | number | null | Markup | readonly Hole[];

/** A text is shown no longer than this; lines of megabytes stop browsers. */
const LONGEST_TEXT = 20_000;

export function markup(parts: TemplateStringsArray, ...holes: readonly Hole[]): Markup {
  let text = parts[0] ?? '';
  for (const [index, hole] of holes.entries()) text += textOf(hole) + (parts[index + 1] ?? '');
  return raw(text);
}

export const NOTHING: Markup = raw('');

/** What stands in a field to be edited: visible, and whole, as it is sent again. */
export function editable(text: string): Markup {
  return raw(htmlText(visible(text)));
}

/** What a form brings back unseen: nothing of it is cut or made visible, as it would come back so. */
export function unaltered(text: string): Markup {
  return raw(htmlText(text));
}

function textOf(hole: Hole): string {
  if (hole === null) return '';
  if (typeof hole === 'number') return String(hole);
  if (Array.isArray(hole)) return hole.map(textOf).join('');
  if (isMarkup(hole)) return String(hole);
  const text = hole as string;
  return htmlText(visible(text.length > LONGEST_TEXT ? shortened(text) : text));
}

function isMarkup(hole: Hole): hole is Markup {
  return typeof hole === 'object' && hole !== null && 'isEscaped' in hole;
}

function shortened(text: string): string {
  return `${cutText(text, LONGEST_TEXT)} (${text.length - LONGEST_TEXT} more characters)`;
}
