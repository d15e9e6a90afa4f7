import { foldedText, isWanted, rootOf } from './wish.mjs';

/** A value for a wish as a file would hold it. `at` tells the copies of a row apart; `slot` is column name, type, row number and clock. */
export function render(wish, slot) {
  const kept = rootOf(wish);
  const key = kept.varies ? slot.copy : 0;
  if (!kept.made.has(key)) {
    kept.made.set(key, null);
    kept.made.set(key, madeFor(kept, slot));
  }
  return kept.made.get(key);
}

function madeFor(wish, slot) {
  if (wish.empty) return null;
  if (slot.type === 'datetime') return timeOf(wish, slot);
  if (slot.type === 'bool') return wish.candidates ? toBoolean(wish.candidates[0]) : slot.copy % 2 === 0;
  if (['int', 'long', 'real', 'decimal'].includes(slot.type)) return numberOf(wish, slot);
  if (slot.type === 'dynamic') return dynamicOf(wish, slot);
  return textOf(wish, slot);
}

function toBoolean(value) {
  return value === true || value === 1 || foldedText(value) === 'true' || value === '1';
}

function timeOf(wish, slot) {
  const named = wish.candidates?.map((one) => (typeof one === 'number' ? one : Date.parse(String(one))));
  const at = named?.find(Number.isFinite) ?? withinRange(wish, followed(wish, slot) ?? slot.now - 600_000);
  const moved = wish.varies ? at - slot.copy * 1000 : at;
  return Number.isFinite(moved) && Math.abs(moved) < 8e15 ? new Date(moved).toISOString() : null;
}

/** A time that must lie after another one. */
function followed(wish, slot) {
  if (!wish.after || rootOf(wish.after.wish) === wish) return null;
  const before = render(wish.after.wish, slot);
  return typeof before === 'string' ? Date.parse(before) + (wish.after.by || 1000) : null;
}

function withinRange(wish, value) {
  const { least, most } = wish;
  if (least !== null && most !== null && (value < least || value > most)) return (least + most) / 2;
  if (least !== null && value < least) return least;
  return most !== null && value > most ? most : value;
}

function numberOf(wish, slot) {
  const named = wish.candidates?.map(Number).filter(Number.isFinite);
  if (named?.length) return named[slot.copy % named.length];
  const start = withinRange(wish, 1 + (wish.varies ? slot.copy : 0));
  const value = slot.type === 'real' || slot.type === 'decimal' ? start : Math.trunc(start);
  return wish.excluded.some((one) => Number(one) === value) ? value + 1 : value;
}

function dynamicOf(wish, slot) {
  if (wish.candidates) return wish.candidates[0];
  if (wish.element) {
    const element = render(wish.element, { ...slot, type: 'dynamic', name: '' });
    return Array.from({ length: Math.max(1, wish.length) }, (_, at) => (at === 0 ? element : `${element}${at}`));
  }
  if (wish.fields.size > 0) return bagOf(wish, slot);
  if (wish.parts.length > 0 || wish.pieces || wish.groups.length > 0) return textOf(wish, { ...slot, type: 'string' });
  if (wish.length > 0) return Array.from({ length: wish.length }, (_, at) => `item ${at}`);
  if (wish.least !== null || wish.most !== null) return numberOf(wish, { ...slot, type: 'long' });
  return slot.name === '' ? 'value' : {};
}

function bagOf(wish, slot) {
  const fields = [...wish.fields];
  const inner = (name) => ({ ...slot, type: 'dynamic', name: String(name) === '' ? '' : '', field: String(name) });
  if (fields.every(([name]) => typeof name === 'number')) {
    const size = Math.max(...fields.map(([name]) => (name < 0 ? -name : name + 1)));
    const array = Array.from({ length: Math.min(size, 50) }, () => 'item');
    for (const [name, field] of fields) array[name < 0 ? array.length + name : name] = render(field, inner(name));
    return array;
  }
  const parts = wish.parts.map(({ text }) => text);
  return {
    ...Object.fromEntries(fields.map(([name, field]) => [String(name), render(field, inner(name))])),
    ...(parts.length > 0 ? { Note: parts.join(' ') } : {}),
  };
}

function textOf(wish, slot) {
  if (wish.fields.size > 0 || wish.element) return JSON.stringify(dynamicOf(wish, slot));
  if (wish.candidates) return chosen(wish, slot);
  if (wish.pieces && isPieced(wish.pieces)) return withParts(wish, piecesText(wish.pieces, slot), slot);
  if (wish.groups.length > 0) return groupText(wish, slot);
  if (wish.parts.length === 0) return padded(plainText(wish, slot), wish.length);
  return padded(assembled(wish, slot), wish.length);
}

function chosen(wish, slot) {
  const fitting = wish.candidates.filter((one) => wish.parts.every((part) => hasPart(String(one), part, slot)));
  const list = fitting.length > 0 ? fitting : wish.candidates;
  return String(list[wish.varies ? slot.copy % list.length : 0]);
}

function hasPart(text, { kind, text: part }, slot) {
  const [whole, wanted] = [foldedText(text), foldedText(part)];
  if (kind === 'regex') return slot.samples.matches(part, text);
  if (kind === 'starts') return whole.startsWith(wanted);
  return kind === 'ends' ? whole.endsWith(wanted) : whole.includes(wanted);
}

/** One text with all the parts: starts first, ends last, what is already in it left out. */
function assembled(wish, slot) {
  const of = (kind) => wish.parts.filter((part) => part.kind === kind).map((part) => part.text);
  const longest = (list) => list.sort((a, b) => b.length - a.length)[0] ?? '';
  const [start, end] = [longest(of('starts')), longest(of('ends'))];
  let text = start;
  const samples = of('regex').map((source) => slot.samples.of(source));
  for (const part of [...samples, ...of('has').sort((a, b) => b.length - a.length)]) {
    if (!foldedText(`${text}${end}`).includes(foldedText(part))) text = text === '' ? part : `${text} ${part}`;
  }
  const joint = text === '' || end === '' || /^[\W_]/.test(end) ? '' : ' ';
  const whole = foldedText(text).endsWith(foldedText(end)) ? text : `${text}${joint}${end}`;
  return wish.varies ? varied(whole, end, slot) : whole;
}

function varied(text, end, slot) {
  return end === '' ? `${text} ${slot.copy}` : `${slot.copy}${text}`;
}

function padded(text, length) {
  return text.length > length || length === 0 ? text : `${text}${'x'.repeat(length - text.length + 1)}`;
}

/** Whether anything is wanted of the pieces of a text that is taken apart. */
function isPieced(pieces) {
  return Boolean(pieces.sequence ?? pieces.url) || [...pieces.items.values()].some(isWanted);
}

/** The other parts that the text must have go where they do not move the pieces. */
function withParts(wish, text, slot) {
  const missing = wish.parts.filter((part) => !hasPart(text, part, slot));
  if (missing.length === 0) return text;
  const added = assembled({ ...wish, parts: missing }, slot);
  const { sequence, items } = wish.pieces ?? {};
  const isFirst = sequence ? sequence[0] === '' : [...(items?.keys() ?? [])].some((place) => Number(place) < 0);
  return isFirst ? `${added} ${text}` : `${text} ${added}`;
}

function piecesText(pieces, slot) {
  const inner = { ...slot, type: 'string', name: '' };
  if (pieces.sequence) return pieces.sequence.map((part) => sequencePart(part, inner)).join('');
  const item = (key, otherwise) => (pieces.items.has(key) ? render(pieces.items.get(key), inner) : otherwise);
  if (pieces.url) return `https://${item('Host', 'www.example.com')}${item('Path', '/start')}`;
  const places = [...pieces.items.keys()].map(Number).filter(Number.isFinite);
  const size = Math.max(2, ...places.map((place) => (place < 0 ? -place : place + 1)));
  const list = Array.from({ length: Math.min(size, 50) }, (_, at) => `part${at}`);
  for (const place of places) list[place < 0 ? list.length + place : place] = item(place, '');
  return list.join(pieces.separator);
}

function sequencePart(part, slot) {
  if (typeof part === 'string') return part;
  if (part.regex !== undefined) return slot.samples.of(part.regex);
  return String(render(part.wish, { ...slot, type: part.type, name: part.name }));
}

function groupText(wish, slot) {
  const [{ source }] = wish.groups;
  const same = wish.groups.filter((group) => group.source === source);
  const values = new Map(same.map((group) => [group.index, groupValue(group.wish, slot)]));
  return withParts(wish, slot.samples.of(source, values), slot);
}

/** Only what is really wanted of a group replaces the sample that fits its pattern. */
function groupValue(wish, slot) {
  const kept = rootOf(wish);
  if (!kept.candidates && kept.parts.length === 0) return undefined;
  return String(render(kept, { ...slot, type: 'string', name: '' }));
}

const PLAIN = [
  [/sha1/i, (digits) => digits.repeat(5)],
  [/sha256/i, (digits) => digits.repeat(8)],
  [/md5/i, (digits) => digits.repeat(4)],
  [
    /(^|[a-z])IP(Address|v4|$)|^IP/,
    (_digits, { copy }) => `203.0.${100 + (Math.floor(copy / 250) % 100)}.${(copy % 250) + 1}`,
  ],
  [/url/i, (_digits, { copy }) => `https://www.example.com/page${copy}`],
  [/domain/i, () => 'example.com'],
  [/(address|upn|mail)$/i, (_digits, { copy }) => `user${copy}@example.com`],
  [/filename/i, (_digits, { copy }) => `program${copy}.exe`],
  [/folderpath/i, (_digits, { copy }) => `C:\\Users\\alice\\program${copy}.exe`],
  [/additionalfields|raweventdata/i, () => '{}'],
];

/** Rows of one pass are alike where nothing is wanted, rows of two passes are not. */
function plainText(wish, slot) {
  const number = slot.pass * 1000 + (wish.varies ? slot.copy : 0);
  if (slot.type === 'guid') return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const digits = (0x10_00_00_00 + number).toString(16);
  const maker = PLAIN.find(([pattern]) => pattern.test(slot.name));
  return maker ? maker[1](digits, { copy: number }) : `${slot.name || 'value'}-${number}`;
}
