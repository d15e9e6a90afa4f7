import { mutationsOf } from './mutators.mjs';
import { childrenOf, isFunction, parseFile } from './tree.mjs';

/** A body in braces; the other kind is the expression of an arrow function. */
const BLOCKS = new Set(['FunctionBody', 'BlockStatement']);

/**
 * Every mutant of a file: `{file, line, start, end, kind, text, place, reach, functions, before, after}`. `start` and `end` are byte
 * offsets of what `text` replaces, `before` and `after` the lines around it, `reach` names the innermost function (null at the top of
 * the module), `functions` is their number, `place` what several mutants have in common.
 */
export function findMutants(file, source) {
  const tree = parseFile(source);
  const found = [];
  let functions = 0;
  const visit = (node, parent, name, reach) => {
    const inner = isFunction(node) || isMethod(node) ? `${file}#${functions++}` : reach;
    for (const { kind, text, instead = node } of mutationsOf(tree, node, { parent, name })) {
      const [start, end] = [tree.start(instead), tree.end(instead)];
      const place = `${start}:${end}:${kind}`;
      found.push({ file, line: lineOf(tree.bytes, start), start, end, kind, text, place, reach: inner });
    }
    for (const below of childrenOf(node)) visit(below.child, node, below.name, inner);
  };
  for (const node of tree.body) visit(node, { type: 'Module' }, 'body', null);
  return found.map((mutant) => ({ ...mutant, functions, ...linesOf(tree.bytes, mutant) }));
}

/** The source with a call at the start of every function that tells that it was entered. */
export function withReach(file, source) {
  const tree = parseFile(source);
  const inserted = [];
  let functions = 0;
  const visit = (node) => {
    const body = isFunction(node) || isMethod(node) ? bodyOf(node) : null;
    const call = body ? `globalThis.__reached?.('${file}#${functions++}')` : '';
    const block = body && BLOCKS.has(body.type);
    if (block) inserted.push({ at: tree.start(body) + 1, text: `${call};` });
    else if (body) inserted.push({ at: tree.start(body), text: `(${call}, ` });
    for (const { child } of childrenOf(node)) visit(child);
    if (body && !block) inserted.push({ at: tree.end(body), text: ')' });
  };
  for (const node of tree.body) visit(node);
  return spliced(tree.bytes, inserted);
}

export function applied(source, mutant) {
  const bytes = Buffer.from(source);
  return `${bytes.toString('utf8', 0, mutant.start)}${mutant.text}${bytes.toString('utf8', mutant.end)}`;
}

function isMethod(node) {
  return node.type === 'MethodProperty' || node.type === 'GetterProperty' || node.type === 'Constructor';
}

/** Null where a declaration has none (an overload). */
function bodyOf(node) {
  return (node.type === 'ClassMethod' ? node.function.body : node.body) ?? null;
}

function spliced(bytes, inserted) {
  let [text, done] = ['', 0];
  // The sort is stable: of two at one place the outer function's comes first where it opens, last where it closes.
  for (const { at, text: more } of inserted.toSorted((one, other) => one.at - other.at)) {
    text += bytes.toString('utf8', done, at) + more;
    done = at;
  }
  return text + bytes.toString('utf8', done);
}

/** The lines that a mutant touches, as they are and as it makes them, without breaks and indents. */
function linesOf(bytes, { start, end, text }) {
  const from = bytes.lastIndexOf(10, start - 1) + 1;
  const next = bytes.indexOf(10, end);
  const to = next === -1 ? bytes.length : next;
  const flat = (lines) => lines.replace(/\s+/g, ' ').trim();
  return {
    before: flat(bytes.toString('utf8', from, to)),
    after: flat(`${bytes.toString('utf8', from, start)}${text}${bytes.toString('utf8', end, to)}`),
  };
}

function lineOf(bytes, offset) {
  let line = 1;
  for (let index = bytes.indexOf(10); index !== -1 && index < offset; index = bytes.indexOf(10, index + 1)) line += 1;
  return line;
}
