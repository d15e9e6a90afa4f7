import { type Hole, type Markup, markup } from '../markup.ts';

export interface ShownColumn {
  readonly name: string;
  readonly isNumber?: true;
}

export interface TableParts {
  /** What it is about, for who hears it; shown where `shown`. */
  readonly caption: string;
  readonly columns: readonly (string | ShownColumn)[];
  readonly rows: readonly (readonly Hole[])[];
  /** Instead of a table without rows. */
  readonly none: string;
}

/** A table that scrolls by itself where it is wider than the page; its first column names the row. */
export function table({ caption, columns, rows, none }: TableParts): Markup {
  if (rows.length === 0) return markup`<p class="none">${none}</p>`;
  const named = columns.map((column): ShownColumn => (typeof column === 'string' ? { name: column } : column));
  const heads = named.map(({ name, isNumber }) => markup`<th scope="col"${numberClass(isNumber)}>${name}</th>`);
  const lines = rows.map((row) => markup`<tr>${row.map((cell, at) => cellOf(cell, at, named[at]))}</tr>\n`);
  return markup`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption class="heard">${caption}</caption><thead><tr>${heads}</tr></thead><tbody>
${lines}</tbody></table></div>`;
}

function cellOf(cell: Hole, at: number, column: ShownColumn | undefined): Markup {
  if (at === 0) return markup`<th scope="row"${numberClass(column?.isNumber)}>${cell}</th>`;
  return markup`<td${numberClass(column?.isNumber)}>${cell}</td>`;
}

function numberClass(isNumber: true | undefined): Markup | null {
  return isNumber ? markup` class="number"` : null;
}

/** Names and values, one below the other. */
export function facts(entries: readonly (readonly [string, Hole])[]): Markup {
  const shown = entries.filter(([, value]) => value !== null && value !== '');
  return markup`<dl class="facts">${shown.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A part of a page that is kept up to date. */
export function section(id: string, title: string, body: Hole): Markup {
  return markup`<section id="${id}" data-live="" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${body}</section>\n`;
}

/** A word with a colour that says the same. */
export function badge(word: string, kind: 'good' | 'bad' | 'warn' | 'calm'): Markup {
  return markup`<span class="badge ${kind}">${word}</span>`;
}
