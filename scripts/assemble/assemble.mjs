import { readExpressions } from './expressions.mjs';
import { INSTRUCTIONS, MEMORY_INSTRUCTIONS, NAMING_INSTRUCTIONS, TYPES } from './instructions.mjs';

const MODULE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const EMPTY_BLOCK = 0x40;
const END = 0x0b;

/**
 * The bytes of WebAssembly text, of the part of the language that we write: folded instructions, everything named; one memory, functions
 * of one result, blocks of none. What it does not know it refuses.
 */
export function assemble(source) {
  const [[, ...fields]] = readExpressions(source);
  const of = (kind) => fields.filter(([name]) => name === kind);
  const [imports, functions, globals] = [of('import'), of('func'), of('global')];
  const signatures = [...imports.map((one) => one[3]), ...functions].map(signatureOf);
  const names = {
    functions: [...imports.map((one) => one[3][1]), ...functions.map(([, name]) => name)],
    globals: globals.map(([, name]) => name),
  };
  return Buffer.from([
    ...MODULE,
    ...section(1, signatures),
    ...section(
      2,
      imports.map(([, from, name], index) => [...named(from.text), ...named(name.text), 0, ...unsigned(index)]),
    ),
    ...section(
      3,
      functions.map((_, index) => unsigned(imports.length + index)),
    ),
    ...section(
      5,
      of('memory').map((one) => [0, ...unsigned(Number(one.at(-1)))]),
    ),
    ...section(
      6,
      globals.map((one) => globalOf(one, names)),
    ),
    ...section(7, [
      ...of('memory').flatMap((one) => exportOf(one, 2, 0)),
      ...functions.flatMap((one, index) => exportOf(one, 0, imports.length + index)),
    ]),
    ...section(
      10,
      functions.map((one) => sized(bodyOf(one, names))),
    ),
    ...section(
      11,
      of('data').map(([, at, { text }]) => [0, ...instruction(at, names), END, ...named(text)]),
    ),
  ]);
}

function section(id, entries) {
  return entries.length === 0 ? [] : [id, ...sized(listed(entries))];
}

const listed = (entries) => [...unsigned(entries.length), ...entries.flat()];
const sized = (bytes) => [...unsigned(bytes.length), ...bytes];
const named = (bytes) => sized(bytes);

function unsigned(number) {
  return number < 128 ? [number] : [(number % 128) + 128, ...unsigned(Math.floor(number / 128))];
}

function signed(number) {
  const rest = number >> 7;
  const isLast = (rest === 0 && (number & 64) === 0) || (rest === -1 && (number & 64) !== 0);
  return isLast ? [number & 127] : [(number & 127) | 128, ...signed(rest)];
}

/** What follows the name of a field: `(param $name type)`, `(local …)` or `(result type)`. */
const partsOf = (field, kind) => field.filter((part) => Array.isArray(part) && part[0] === kind);

function signatureOf(field) {
  const types = (kind) => listed(partsOf(field, kind).map((part) => [typeByte(part.at(-1))]));
  return [0x60, ...types('param'), ...types('result')];
}

function typeByte(name) {
  return known(TYPES, name);
}

function globalOf([, , type, value], names) {
  const isMutable = Array.isArray(type);
  return [typeByte(isMutable ? type[1] : type), isMutable ? 1 : 0, ...instruction(value, names), END];
}

function exportOf(field, kind, index) {
  return partsOf(field, 'export').map(([, { text }]) => [...named(text), kind, ...unsigned(index)]);
}

const HEAD = new Set(['export', 'param', 'result', 'local']);

function bodyOf(field, names) {
  const locals = partsOf(field, 'local');
  const scope = { ...names, locals: [...partsOf(field, 'param'), ...locals].map(([, name]) => name), labels: [] };
  const code = field.slice(1).filter((part) => Array.isArray(part) && !HEAD.has(part[0]));
  return [...listed(locals.map((part) => [1, typeByte(part[2])])), ...instructions(code, scope), END];
}

const instructions = (list, scope) => list.flatMap((one) => instruction(one, scope));

function instruction([name, ...rest], scope) {
  if (name === 'i32.const') return [0x41, ...signed(Number(rest[0]) | 0)];
  if (name === 'f64.const') return [0x44, ...new Uint8Array(Float64Array.of(Number(rest[0])).buffer)];
  if (name === 'block' || name === 'loop') return blockOf(name, rest, scope);
  if (name === 'if') return choiceOf(rest, scope);
  const naming = NAMING_INSTRUCTIONS.get(name);
  if (naming)
    return [...instructions(rest.slice(1), scope), naming.byte, ...unsigned(indexOf(scope, naming.kind, rest[0]))];
  const memory = MEMORY_INSTRUCTIONS.get(name);
  if (!memory) return [...instructions(rest, scope), ...known(INSTRUCTIONS, name)];
  const offset = /^offset=(\d+)$/.exec(rest[0]);
  const operands = offset ? rest.slice(1) : rest;
  return [...instructions(operands, scope), ...memory.bytes, memory.align, ...unsigned(Number(offset?.[1] ?? 0))];
}

function blockOf(name, [label, ...body], scope) {
  const inner = { ...scope, labels: [label, ...scope.labels] };
  return [name === 'block' ? 0x02 : 0x03, EMPTY_BLOCK, ...instructions(body, inner), END];
}

function choiceOf([condition, yes, no], scope) {
  const inner = { ...scope, labels: ['', ...scope.labels] };
  const otherwise = no ? [0x05, ...instructions(no.slice(1), inner)] : [];
  return [...instruction(condition, scope), 0x04, EMPTY_BLOCK, ...instructions(yes.slice(1), inner), ...otherwise, END];
}

function indexOf(scope, kind, name) {
  const index = scope[kind].indexOf(name);
  if (index < 0) throw new Error(`${name} is none of the ${kind}`);
  return index;
}

function known(map, name) {
  const value = map.get(name);
  if (value === undefined) throw new Error(`${name} is not known here`);
  return value;
}
