import type { Cell } from '../source.ts';
import { normalDatetime } from './normalize-datetime.ts';
import { parseLossless } from './parse-lossless.ts';
import { createCut, scanContainer } from './scan-json.ts';

const MAX_DEPTH = 100;
const ANNOTATION = '@odata.';

/**
 * A dynamic value in one form for all encodings: annotations dropped, objects that came as JSON text parsed where they are the
 * column's value or an array's element (Graph flattens arrays of objects to arrays of strings), dates in one form.
 * An empty object is null: Graph writes null so. Deeper than 100 levels, the text stays as it is.
 */
export function normalizeDynamic(value: unknown): Cell {
  const cell = normalizeNested(parsedText(value), 0);
  return isEmptyObject(cell) ? null : cell;
}

export function isAnnotation(key: string): boolean {
  return key.includes(ANNOTATION);
}

export function isEmptyObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.keys(value).every(isAnnotation);
}

/** Sets an own member whatever its name; a plain assignment of `__proto__` would change the object's prototype. */
export function setMember(target: Record<string, Cell>, name: string, value: Cell): void {
  if (name !== '__proto__') target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

function normalizeNested(value: unknown, depth: number): Cell {
  if (typeof value === 'string') return normalDatetime(value) ?? value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return null;
  if (depth >= MAX_DEPTH) return JSON.stringify(value);
  if (Array.isArray(value)) return value.map((element) => normalizeNested(parsedText(element), depth + 1));
  const bag: Record<string, Cell> = {};
  const members = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(members)) {
    if (!isAnnotation(key)) setMember(bag, key, normalizeNested(members[key], depth + 1));
  }
  return bag;
}

/** JSON text of an object or array, parsed; anything else as it is. */
function parsedText(value: unknown): unknown {
  if (typeof value !== 'string' || !looksLikeJson(value) || isDeep(value)) return value;
  try {
    return parseLossless(value);
  } catch {
    return value;
  }
}

function looksLikeJson(text: string): boolean {
  const first = text.trimStart().charCodeAt(0);
  return first === 0x7b || first === 0x5b;
}

/** In one text; such lists of nothing take many times its memory. */
const MAX_CONTAINERS = 250_000;

/** Whether text nests deeper than is safe for recursion, or holds more objects and arrays than is safe for memory. */
function isDeep(text: string): boolean {
  if (!hasMoreBrackets(text, MAX_DEPTH)) return false;
  const cut = createCut();
  scanContainer(cut, Buffer.from(text), 0);
  return cut.deepest > MAX_DEPTH || cut.opened > MAX_CONTAINERS;
}

/** Whether more objects and arrays than `most` may begin in the text, brackets within its strings counted with them. */
function hasMoreBrackets(text: string, most: number): boolean {
  let count = 0;
  for (let index = 0; index < text.length && count <= most; index++) {
    // `{` and `[` differ in one bit.
    if ((text.charCodeAt(index) | 0x20) === 0x7b) count++;
  }
  return count > most;
}
