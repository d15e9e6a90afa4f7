import { type ErrorCode, HuntwireError, type Problem } from '../errors.ts';
import type { ParsedYaml, Path, Place, YamlDocument } from '../yaml/parse-yaml.ts';
import { type JsonFailure, type JsonLimits, type JsonNode, jsonTree } from './json-tree.ts';

export const JSON_LIMITS: JsonLimits & { readonly maxBytes: number } = Object.freeze({
  maxBytes: 16 * 1024 * 1024,
  maxDepth: 64,
  maxNodes: 1_000_000,
});

/** The nodes of the text that was read last, as of YAML files: places are asked for while a file is read, and later hardly ever. */
let latest: { readonly text: string; readonly root: JsonNode } | null = null;

/**
 * A JSON text as a document with places, or its first problem under the given code. Comments, commas before a closing bracket and line
 * ends in texts are let pass.
 */
export function parseJsonFile(file: string, text: string, code: ErrorCode): ParsedYaml {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const fail: JsonFailure = (offset, message) => {
    const problem: Problem = { file, ...placeIn(lineStarts(source), offset), code, message };
    throw new HuntwireError(code, message, { problems: [problem] });
  };
  try {
    if (Buffer.byteLength(source) > JSON_LIMITS.maxBytes)
      fail(0, `The file is larger than ${JSON_LIMITS.maxBytes} bytes.`);
    const root = jsonTree(source, JSON_LIMITS, fail);
    latest = { text: source, root };
    return { documents: [documentOf(file, source, root.value)], problems: [] };
  } catch (thrown) {
    if (thrown instanceof HuntwireError) return { documents: [], problems: thrown.problems };
    throw thrown;
  }
}

function documentOf(file: string, source: string, value: unknown): YamlDocument {
  const starts = lineStarts(source);
  const placeAt = (offset: number): Place => placeIn(starts, offset);
  return Object.freeze({
    file,
    value,
    keyPlace: (path: Path) => placeAt(found(source, path).key),
    valuePlace: (path: Path) => placeAt(found(source, path).value),
    textPlace: (path: Path, offset: number) => placeAt(textOffset(source, found(source, path).value, offset)),
    folds: () => null,
    // A comment that switches a check off belongs to files that are written by hand here.
    comments: () => [],
  });
}

/** Where the key and the value at a path stand; of the nearest enclosing one where the path leads nowhere. */
function found(source: string, path: Path): { readonly key: number; readonly value: number } {
  if (latest?.text !== source) latest = { text: source, root: jsonTree(source, JSON_LIMITS, neverFails) };
  let node: JsonNode = latest.root;
  let key = node.start;
  for (const step of path) {
    const entry = typeof step === 'string' ? node.entries?.get(step) : undefined;
    const next = typeof step === 'number' ? node.items?.[step] : entry?.node;
    if (!next) return { key, value: key };
    key = entry?.key ?? next.start;
    node = next;
  }
  return { key, value: node.start };
}

const neverFails: JsonFailure = (_offset, message) => {
  throw new HuntwireError('INTERNAL', `A JSON text that was read cannot be read again: ${message}`);
};

/** A line end counts as one, however it is written: readers of queries take it so. */
const UNIT = /\\r\\n|\\u[0-9A-Fa-f]{4}|\\[\s\S]|\r\n|[\s\S]/y;

/** The offset in the file of an offset in a text's value. */
function textOffset(source: string, start: number, offset: number): number {
  if (source[start] !== '"') return start;
  let at = start + 1;
  for (let passed = 0; passed < offset && source[at] !== '"' && at < source.length; passed += 1) {
    UNIT.lastIndex = at;
    at += UNIT.exec(source)?.[0].length ?? 1;
  }
  return at;
}

function lineStarts(source: string): readonly number[] {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function placeIn(starts: readonly number[], offset: number): Place {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
