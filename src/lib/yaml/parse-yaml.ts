import { Composer, type CST, type Document, isScalar, Lexer, LineCounter, Parser } from 'yaml';
import type { Problem } from '../errors.ts';
import { firstInFile } from '../problem-order.ts';
import { type AliasTargets, aliasTargets } from './alias-targets.ts';
import { type FoundNode, findNode, type IndexedDocument, startOf } from './find-node.ts';
import { nestsDeeper } from './nesting.ts';
import { plainValue, type ValueLimits } from './plain-value.ts';
import { SCALAR_OPTIONS } from './quick/plain-scalar.ts';
import { quickContents } from './quick/quick-document.ts';
import { foldsIn, sourceOffset } from './scalar-offset.ts';
import { type YamlComment, yamlComments } from './yaml-comments.ts';
import { yamlMistake } from './yaml-mistake.ts';

/** Lines and columns count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** The file, where it may be another than the one that is spoken of. */
  readonly file?: string;
}

export type Path = readonly (string | number)[];

/** One document of a YAML file, with the places of all it holds. */
export interface YamlDocument {
  readonly file: string;
  /** Frozen plain data; integers beyond 2^53 are bigint. */
  readonly value: unknown;
  /** Where the key of an entry stands, or the item of a list; the nearest enclosing one when absent. */
  keyPlace(path: Path): Place;
  /** Where the value stands; the key's place where there is no value. */
  valuePlace(path: Path): Place;
  /** Where a character of a text value stands in the file, whatever the scalar's style. */
  textPlace(path: Path, offset: number): Place;
  /** Where lines of the file became one line of a text value, as offsets of what stood first on them; null where lines are kept. */
  folds(path: Path): readonly number[] | null;
  /** The comments of the document that contain a word. */
  comments(word: string): readonly YamlComment[];
}

export interface YamlLimits extends ValueLimits {
  readonly maxBytes: number;
  readonly maxDocuments: number;
}

export const YAML_LIMITS: YamlLimits = Object.freeze({
  maxBytes: 4 * 1024 * 1024,
  maxDepth: 64,
  maxNodes: 250_000,
  maxDocuments: 1000,
});

export interface ParsedYaml {
  /** Documents that hold something; empty where a problem was found. */
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly Problem[];
}

interface Parsing {
  readonly file: string;
  readonly code: string;
  readonly source: string;
  readonly counter: LineCounter;
  readonly limits: YamlLimits;
  readonly problems: Problem[];
}

/**
 * The nodes of the file that was parsed last. Places are asked for while a file is read, and afterwards only where something is
 * wrong: the nodes of thousands of files would take many times the memory of their texts, so a file is parsed again then.
 */
let latest: { readonly parsing: Parsing; readonly documents: readonly IndexedDocument[] } | null = null;

/** Nodes that stay while somebody holds them, and how many more characters of texts may be held. */
const held = new Map<Parsing, readonly IndexedDocument[]>();
let room = 0;

/**
 * For one who reads many files and then asks each for places: the nodes of what is parsed from now on stay, about 17 bytes a character, up
 * to so many characters of text. What it answers lets them go.
 */
export function holdNodes(characters: number): () => void {
  room = characters;
  return () => {
    room = 0;
    held.clear();
  };
}

/** All documents of a YAML 1.2 text, or all its problems under the given code. Duplicate keys, unknown tags and `__proto__` are problems. */
export function parseYaml(file: string, text: string, code: string, limits: YamlLimits = YAML_LIMITS): ParsedYaml {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const parsing: Parsing = { file, code, source, counter: new LineCounter(), limits, problems: [] };
  if (Buffer.byteLength(source) > limits.maxBytes) {
    report(parsing, 0, `The file is larger than ${limits.maxBytes} bytes.`);
    return { documents: [], problems: parsing.problems };
  }
  latest = { parsing, documents: documentsOf(parsing) };
  hold(parsing, latest.documents);
  const documents = latest.documents.flatMap((one, index) =>
    one.document.errors.length > 0 ? [] : [toYamlDocument(parsing, one, index)],
  );
  const problems = firstInFile(parsing.problems);
  return { documents: problems.length === 0 ? documents : [], problems };
}

const NO_ALIASES: AliasTargets = new Map();

/** A text that is plain is read by ourselves, in a fifth of the time. */
function documentsOf(parsing: Parsing): readonly IndexedDocument[] {
  const { source, counter } = parsing;
  const contents = quickContents(source);
  if (contents === null) return indexed(parsing, composed(parsing));
  counter.addNewLine(0);
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) counter.addNewLine(at + 1);
  const range: [number, number, number] = [0, source.length, source.length];
  return [{ document: { contents, errors: [], range }, aliases: NO_ALIASES, entries: new Map() }];
}

/** What aliases stand for is looked for only where the text has what an anchor begins with. */
function indexed({ source }: Parsing, documents: readonly Document[]): readonly IndexedDocument[] {
  const mayAlias = source.includes('&');
  return documents.map((document) => ({
    document,
    aliases: mayAlias ? aliasTargets(document) : NO_ALIASES,
    entries: new Map(),
  }));
}

function hold(parsing: Parsing, documents: readonly IndexedDocument[]): void {
  if (parsing.source.length > room) return;
  room -= parsing.source.length;
  held.set(parsing, documents);
}

function nodesOf(parsing: Parsing): readonly IndexedDocument[] {
  const known = held.get(parsing);
  if (known) return known;
  if (latest?.parsing !== parsing) {
    const scratch = { ...parsing, counter: new LineCounter(), problems: [] };
    latest = { parsing, documents: documentsOf(scratch) };
  }
  return latest.documents;
}

function composed(parsing: Parsing): Document[] {
  const { counter, limits, source } = parsing;
  const tokens: string[] = [];
  if (nestsDeeper(keeping(tokens, new Lexer().lex(source)), 2 * limits.maxDepth)) {
    report(parsing, 0, `Values are nested more than ${limits.maxDepth} levels deep.`);
    return [];
  }
  const composer = new Composer({ ...SCALAR_OPTIONS, prettyErrors: false, uniqueKeys: false });
  const parsed: readonly Document[] = [...composer.compose(parse(tokens, counter))];
  for (const document of parsed) reportErrors(parsing, document);
  if (parsed.length > limits.maxDocuments) {
    report(parsing, 0, `The file holds more than ${limits.maxDocuments} documents.`);
  }
  return parsed.filter((document) => !isEmpty(document)).slice(0, limits.maxDocuments);
}

function* keeping(kept: string[], tokens: Iterable<string>): Iterable<string> {
  for (const token of tokens) {
    kept.push(token);
    yield token;
  }
}

/** What the library does with a text, from the tokens on: it is cut into tokens once. */
function* parse(tokens: readonly string[], counter: LineCounter): Iterable<CST.Token> {
  const parser = new Parser(counter.addNewLine);
  counter.addNewLine(0);
  for (const token of tokens) yield* parser.next(token);
  yield* parser.end();
}

function isEmpty(document: Document): boolean {
  const { contents } = document;
  return contents === null || (isScalar(contents) && contents.value === null && !contents.source);
}

/** One mistake makes the parser stumble several times: the first is told, and the rest of the document is not looked at. */
function reportErrors(parsing: Parsing, document: Document): void {
  const [first] = [...document.errors].sort((a, b) => a.pos[0] - b.pos[0]);
  for (const complaint of first ? [first] : document.warnings) {
    const { offset, message } = yamlMistake(parsing.source, complaint);
    report(parsing, offset, message);
  }
}

function report(parsing: Parsing, offset: number, message: string): void {
  parsing.problems.push({ file: parsing.file, ...placeAt(parsing, offset), code: parsing.code, message });
}

function placeAt(parsing: Parsing, offset: number): Place {
  const { line, col } = parsing.counter.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function toYamlDocument(parsing: Parsing, { document, aliases }: IndexedDocument, index: number): YamlDocument {
  const told = (node: unknown, message: string): void => report(parsing, startOf(node) ?? 0, message);
  const value = plainValue(document.contents, aliases, parsing.limits, told);
  const base = startOf(document.contents) ?? 0;
  return Object.freeze({
    file: parsing.file,
    value,
    keyPlace: (path: Path) => placeAt(parsing, findAgain(parsing, index, path).key ?? base),
    valuePlace: (path: Path) => {
      const { key, value: node } = findAgain(parsing, index, path);
      return placeAt(parsing, startOf(node) ?? key ?? base);
    },
    textPlace: (path: Path, offset: number) => {
      const node = findAgain(parsing, index, path).value;
      const at = isScalar(node) ? sourceOffset(parsing.source, node, offset) : startOf(node);
      return placeAt(parsing, at ?? base);
    },
    folds: (path: Path) => {
      const node = findAgain(parsing, index, path).value;
      return isScalar(node) ? foldsIn(parsing.source, node) : null;
    },
    comments: (word: string) => {
      const comments = yamlComments(parsing.source, word);
      if (comments.length === 0) return comments;
      const [first, last] = linesOf(parsing, index);
      return comments.filter(({ line }) => line > first && line <= last);
    },
  });
}

/** The last line of the document before, and that of the document itself; what stands behind the last document is its own. */
function linesOf(parsing: Parsing, index: number): readonly [number, number] {
  const nodes = nodesOf(parsing);
  const endOf = (at: number): number => placeAt(parsing, Math.max(0, (nodes[at]?.document.range?.[2] ?? 1) - 1)).line;
  return [index === 0 ? 0 : endOf(index - 1), index === nodes.length - 1 ? Number.POSITIVE_INFINITY : endOf(index)];
}

/** Finds in the file's nodes, which are made again where another file was parsed since. */
function findAgain(parsing: Parsing, index: number, path: Path): FoundNode {
  const document = nodesOf(parsing)[index];
  return document ? findNode(document, path) : { key: null, value: null };
}
