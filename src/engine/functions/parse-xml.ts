import { HuntwireError } from '../../lib/errors.ts';
import type { ScalarFunction, Value } from '../value.ts';
import { define } from './define.ts';

/** Longer documents give null. */
const LONGEST = 1_048_576;
const DEPTH = 200;

const TOKEN =
  /<\?.*?\?>|<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|<!DOCTYPE[^>]*>|<\/\s*([^\s>]+)\s*>|<([^\s/>!?]+)((?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gsy;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

interface Element {
  readonly name: string;
  readonly entries: Map<string, Value>;
  text: string;
}

function resolveEntities(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|[a-z]+);/g, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function openElement(name: string, attributes: string): Element {
  const entries = new Map<string, Value>();
  for (const match of attributes.matchAll(ATTRIBUTE)) {
    entries.set(`@${match[1]}`, resolveEntities(match[2] ?? match[3] ?? ''));
  }
  return { name, entries, text: '' };
}

/** An element with nothing is null, one with text only is that text, any other a bag. */
function elementValue({ entries, text }: Element): Value {
  const trimmed = text.trim();
  if (entries.size === 0) return trimmed === '' ? null : trimmed;
  if (trimmed === '') return entries;
  const attributes = [...entries].filter(([key]) => key.startsWith('@'));
  const children = [...entries].filter(([key]) => !key.startsWith('@'));
  return new Map<string, Value>([...attributes, ['#text', trimmed], ...children]);
}

/** Adds a child; children of one name become an array. */
function addChild(parent: Element, child: Element, repeated: Set<Value>): void {
  const value = elementValue(child);
  const before = parent.entries.get(child.name);
  if (before === undefined) {
    parent.entries.set(child.name, value);
    return;
  }
  const all = Array.isArray(before) && repeated.has(before) ? [...before, value] : [before, value];
  repeated.add(all);
  parent.entries.set(child.name, all);
}

/** The document as a bag with its one root; null where it is not well formed. */
function parseXml(text: string): Value {
  if (text.length > LONGEST) return null;
  const root: Element = { name: '', entries: new Map(), text: '' };
  const open: Element[] = [root];
  const repeated = new Set<Value>();
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    at = match.index + match[0].length;
    if (!takeToken(match, open, repeated)) return null;
  }
  return at === text.length && open.length === 1 && root.entries.size === 1 && root.text.trim() === ''
    ? root.entries
    : null;
}

function takeToken(match: RegExpExecArray, open: Element[], repeated: Set<Value>): boolean {
  const [, data, closing, opening, attributes = '', empty, plain] = match;
  const current = open.at(-1);
  if (!current) return false;
  if (data !== undefined || plain !== undefined) current.text += data ?? resolveEntities(plain ?? '');
  if (opening !== undefined) {
    const element = openElement(opening, attributes);
    if (empty === '/') addChild(current, element, repeated);
    else open.push(element);
    if (open.length > DEPTH)
      throw new HuntwireError('KQL_BUDGET', `An XML document is nested deeper than ${DEPTH} levels.`);
    return true;
  }
  if (closing === undefined) return true;
  const parent = open.at(-2);
  if (!parent || current.name !== closing) return false;
  open.pop();
  addChild(parent, current, repeated);
  return true;
}

export const XML: readonly ScalarFunction[] = [define('parse_xml', ['string'], parseXml)];
