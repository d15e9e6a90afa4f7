/** A value of a JSON text with where it stands. */
export interface JsonNode {
  readonly start: number;
  readonly value: unknown;
  /** Of a map, its entries: where the key stands, and the value. Of a key that stands there twice the last one. */
  readonly entries: ReadonlyMap<string, JsonEntry> | null;
  readonly items: readonly JsonNode[] | null;
}

export interface JsonEntry {
  readonly key: number;
  readonly node: JsonNode;
}

export interface JsonLimits {
  readonly maxDepth: number;
  readonly maxNodes: number;
}

/** Ends the reading with what is wrong, and where. */
export type JsonFailure = (offset: number, message: string) => never;

interface Scan {
  readonly text: string;
  readonly limits: JsonLimits;
  readonly fail: JsonFailure;
  at: number;
  nodes: number;
}

/** Comments are let pass: deployment templates have them. */
const SPACE = /(?:[ \t\r\n\u00a0]|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const SCALAR = /(?:true|false|null)(?![A-Za-z0-9_])|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** The tree of a JSON text; values are frozen, integers beyond 2^53 are bigint. */
export function jsonTree(text: string, limits: JsonLimits, fail: JsonFailure): JsonNode {
  const scan: Scan = { text, limits, fail, at: 0, nodes: 0 };
  const node = readNode(scan, 0);
  skipSpace(scan);
  if (scan.at < text.length) scan.fail(scan.at, 'The text goes on behind the end of its value.');
  return node;
}

function readNode(scan: Scan, depth: number): JsonNode {
  skipSpace(scan);
  scan.nodes += 1;
  if (depth > scan.limits.maxDepth)
    scan.fail(scan.at, `Values are nested more than ${scan.limits.maxDepth} levels deep.`);
  if (scan.nodes > scan.limits.maxNodes) scan.fail(scan.at, `The file has more than ${scan.limits.maxNodes} values.`);
  const next = scan.text[scan.at];
  if (next === '{') return readMap(scan, depth);
  if (next === '[') return readList(scan, depth);
  const start = scan.at;
  const value = next === '"' ? readText(scan) : readScalar(scan);
  return { start, value, entries: null, items: null };
}

function readMap(scan: Scan, depth: number): JsonNode {
  const start = scan.at;
  const entries = new Map<string, JsonEntry>();
  readParts(scan, '}', () => {
    const key = scan.at;
    const name = readText(scan);
    if (name === '__proto__') scan.fail(key, 'A key must not be "__proto__".');
    expect(scan, ':');
    entries.set(name, { key, node: readNode(scan, depth + 1) });
  });
  const value = Object.freeze(Object.fromEntries([...entries].map(([name, { node }]) => [name, node.value])));
  return { start, value, entries, items: null };
}

function readList(scan: Scan, depth: number): JsonNode {
  const start = scan.at;
  const items: JsonNode[] = [];
  readParts(scan, ']', () => items.push(readNode(scan, depth + 1)));
  return { start, value: Object.freeze(items.map(({ value }) => value)), entries: null, items };
}

/** What stands between brackets, apart by commas; one behind the last part is let pass. */
function readParts(scan: Scan, close: string, readPart: () => void): void {
  scan.at += 1;
  for (;;) {
    skipSpace(scan);
    if (scan.text[scan.at] === close) break;
    readPart();
    skipSpace(scan);
    if (scan.text[scan.at] === close) break;
    expect(scan, ',');
  }
  scan.at += 1;
}

function expect(scan: Scan, sign: string): void {
  skipSpace(scan);
  if (scan.text[scan.at] !== sign) scan.fail(scan.at, `"${sign}" is missing here.`);
  scan.at += 1;
}

function readText(scan: Scan): string {
  const start = scan.at;
  if (scan.text[start] !== '"') scan.fail(start, 'A text in double quotes is missing here.');
  const end = closingQuote(scan.text, start + 1);
  if (end < 0) scan.fail(start, 'The text has no end.');
  scan.at = end + 1;
  // Line ends and tabs in texts are let pass, as comments are.
  const found = scan.text.slice(start, scan.at).replaceAll(/\r?\n/g, '\\n').replaceAll('\t', '\\t');
  try {
    return JSON.parse(found) as string;
  } catch {
    return scan.fail(start, 'The text holds an escape or a control character that JSON does not have.');
  }
}

function closingQuote(text: string, from: number): number {
  for (let quote = text.indexOf('"', from); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let escapes = 0;
    while (quote - 1 - escapes >= from && text[quote - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return quote;
  }
  return -1;
}

function readScalar(scan: Scan): unknown {
  const [found] = matchHere(scan, SCALAR);
  if (found === undefined) return scan.fail(scan.at, 'A value is missing here.');
  scan.at += found.length;
  const value: unknown = JSON.parse(found.replace(/^(-?)0+(?=\d)/, '$1'));
  return typeof value === 'number' && /^-?\d+$/.test(found) && !Number.isSafeInteger(value) ? BigInt(found) : value;
}

function skipSpace(scan: Scan): void {
  const [found = ''] = matchHere(scan, SPACE);
  scan.at += found.length;
}

function matchHere({ text, at }: Scan, pattern: RegExp): readonly (string | undefined)[] {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? [];
}
