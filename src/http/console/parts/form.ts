import type { Context } from 'hono';
import { HuntwireError } from '../../../lib/errors.ts';
import { keyField } from '../frame.ts';
import { type Hole, type Markup, markup, NOTHING, unaltered } from '../markup.ts';
import type { SignedIn } from '../visits.ts';

/** One field of a form whose state stands in the address. */
export interface FilterField {
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
  /** What can be chosen; left out: any text. */
  readonly options?: readonly string[];
}

/** Filters of a list, sent with GET. */
export function filterForm(action: string, fields: readonly FilterField[]): Markup {
  return markup`<form class="filter" method="get" action="${action}" role="search">${fields.map(fieldOf)}<button>Show</button> <a href="${action}">All</a></form>`;
}

function fieldOf({ name, label, value = '', options }: FilterField): Markup {
  const id = `f-${name}`;
  if (!options)
    return markup`<div><label for="${id}">${label}</label><input id="${id}" name="${name}" value="${value}"></div>`;
  const choices = options.map(
    (one) => markup`<option value="${one}"${one === value ? markup` selected` : null}>${one}</option>`,
  );
  return markup`<div><label for="${id}">${label}</label><select id="${id}" name="${name}"><option value="">any</option>${choices}</select></div>`;
}

/** Without what is not given or empty. */
export function filled<Name extends string>(
  values: Readonly<Record<Name, string | undefined>>,
): Partial<Record<Name, string>> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(entries) as Partial<Record<Name, string>>;
}

/** What a form has sent. USAGE where it is none. */
export async function readForm(context: Context): Promise<FormData> {
  try {
    return await context.req.formData();
  } catch (cause) {
    throw new HuntwireError('USAGE', 'That is no form of these pages.', { cause });
  }
}

/** A text of a form; empty where it has none, or a file. */
export function formText(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? plainLines(value) : '';
}

/** Browsers send lines with two characters at their ends, of which pages show the first as one that nobody typed. */
export function plainLines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** A page's address with these parameters; what is not given is left out. */
export function address(path: string, values: Readonly<Record<string, string | number | null | undefined>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value));
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Behind which row a page begins, as its address says; null: it is the first. */
export function rowBefore(before: string | undefined): number | null {
  return Number.parseInt(before ?? '', 10) || null;
}

/** Links to the pages before and behind; null: there is none. */
export function pager(links: readonly (readonly [name: string, href: string | null])[]): Markup {
  const shown = links.filter(([, href]) => href !== null);
  if (shown.length === 0) return NOTHING;
  return markup`<nav class="pager" aria-label="Further pages">${shown.map(([name, href]) => markup`<a href="${href}">${name}</a>`)}</nav>`;
}

export interface WriteForm {
  readonly action: string;
  readonly button: string;
  readonly hidden?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Hole;
  readonly isDangerous?: true;
}

/** A form that writes, or asks for work: with the key of the session. */
export function writeForm(
  visit: SignedIn,
  { action, button, hidden = {}, body = null, isDangerous }: WriteForm,
): Markup {
  const fields = Object.entries(hidden).flatMap(([name, value]) =>
    [value].flat().map((one) => markup`<input type="hidden" name="${name}" value="${unaltered(one)}">`),
  );
  return markup`<form method="post" action="${action}">${keyField(visit)}${fields}${body}<button${isDangerous ? markup` class="danger"` : null}>${button}</button></form>`;
}
