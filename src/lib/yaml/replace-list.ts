import { isDeepStrictEqual } from 'node:util';
import {
  Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  type YAMLMap,
  YAMLSeq,
} from 'yaml';
import { parseYaml } from './parse-yaml.ts';

type Path = readonly (string | number)[];
type Plain = Readonly<Record<string, unknown>>;

/**
 * The text with other items in the list at `path` of its `index`th document that holds something; everything beside the list stays byte
 * for byte, its own comments stay with the items and keys that they stand at. Null where the list cannot be written alone: it is shared
 * by an anchor, comes by a merge key, or is none.
 */
export function replaceYamlList(text: string, index: number, path: Path, items: readonly Plain[]): string | null {
  const before = documentsOf(text);
  const place = before && placeOfList(text, index, path);
  if (!place) return null;
  const written = textOf(place, items);
  const head = text.slice(0, place.start);
  const made = (/^\s/.test(written) ? head.trimEnd() : head) + written + text.slice(place.end);
  const after = documentsOf(made);
  const wanted = before.map((value, at) => (at === index ? withValue(value, path, items) : value));
  return isDeepStrictEqual(after, wanted) ? made : null;
}

function documentsOf(text: string): readonly unknown[] | null {
  const { documents, problems } = parseYaml('', text, '');
  return problems.length > 0 ? null : documents.map(({ value }) => value);
}

function withValue(value: unknown, [step, ...rest]: Path, items: readonly Plain[]): unknown {
  if (step === undefined) return items;
  if (Array.isArray(value)) return value.map((one, at) => (at === step ? withValue(one, rest, items) : one));
  const map = value as Plain;
  return { ...map, [step]: withValue(map[step], rest, items) };
}

/** Where the list stands, and how. */
interface ListPlace {
  readonly start: number;
  readonly end: number;
  readonly node: unknown;
  /** Whether a flow collection is around it, in which no block can stand. */
  readonly inFlow: boolean;
  /** Of the items of a block. */
  readonly indent: number;
  /** A comment behind the list on its line. */
  readonly comment: string;
  readonly lineEnd: string;
}

function placeOfList(text: string, index: number, path: Path): ListPlace | null {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const document = parseAllDocuments(source, { intAsBigInt: true, uniqueKeys: false }).filter(holdsSomething)[index];
  const around = path.slice(0, -1).map((_, depth) => document?.getIn(path.slice(0, depth + 1), true));
  const parent = around.at(-1);
  const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1)) : undefined;
  const range = pair && isNode(pair.value) ? pair.value.range : null;
  const keyAt = pair && isNode(pair.key) ? pair.key.range?.[0] : undefined;
  if (!pair || !range || keyAt === undefined) return null;
  const offset = text.length - source.length;
  const length = source.slice(range[0], range[1]).trimEnd().length;
  const end = range[0] + length;
  const isBlock = isSeq(pair.value) && pair.value.flow !== true && length > 0;
  return {
    start: range[0] + offset,
    end: end + offset + commentBehind(source, end).length,
    node: pair.value,
    inFlow: around.some((one) => (isMap(one) || isSeq(one)) && one.flow === true),
    indent: isBlock ? columnOf(source, range[0]) : columnOf(source, keyAt) + 2,
    comment: isBlock ? '' : commentBehind(source, end),
    lineEnd: source.includes('\r\n') ? '\r\n' : '\n',
  };
}

/** The comment on the line of what ends here; of a block it belongs to the last item. */
function commentBehind(source: string, at: number): string {
  return /^[ \t]+#[^\r\n]*/.exec(source.slice(at))?.[0] ?? '';
}

function holdsSomething({ contents }: Document): boolean {
  return contents !== null && !(isScalar(contents) && contents.value === null && !contents.source);
}

function columnOf(source: string, at: number): number {
  return at - (source.lastIndexOf('\n', at - 1) + 1);
}

/** Beyond that a flow list is written as a block. */
const WIDEST_FLOW = 120;

function textOf(place: ListPlace, items: readonly Plain[]): string {
  const { node, inFlow, indent, comment, lineEnd } = place;
  const had = isSeq(node) ? node.items.length : 0;
  const wasBlock = isSeq(node) && node.flow !== true && had > 0;
  const list = updatedList(isSeq(node) ? node : new YAMLSeq(), items);
  for (const key of ['commentBefore', 'comment', 'anchor', 'spaceBefore'] as const) delete list[key];
  const flow = written(list, true);
  const stays = had > 0 && !wasBlock && !flow.includes('\n') && flow.length <= WIDEST_FLOW;
  if (inFlow || items.length === 0 || stays) return flow.replaceAll('\n', lineEnd) + comment;
  const margin = ' '.repeat(indent);
  const block = written(list, false).replace(/\n(?=[^\n])/g, `\n${margin}`);
  const lead = wasBlock ? '' : `${comment}\n${margin}`;
  return (lead + block).replaceAll('\n', lineEnd);
}

function written(list: YAMLSeq, flow: boolean): string {
  list.flow = flow;
  if (!flow) for (const item of list.items) if (isMap(item) && item.range === undefined) item.flow = false;
  const document = new Document();
  document.contents = list as unknown as typeof document.contents;
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).trimEnd();
}

/** The list with these items: nodes that say the same already are kept, others are changed in their turn. */
function updatedList(list: YAMLSeq, items: readonly unknown[]): YAMLSeq {
  const old = [...list.items];
  const kept = items.map((item) => {
    const at = old.findIndex((node) => isNode(node) && isDeepStrictEqual(node.toJSON(), item));
    return at < 0 ? null : old.splice(at, 1)[0];
  });
  list.items = items.map((item, at) => kept[at] ?? updated(old.shift(), item));
  return list;
}

function updated(node: unknown, value: unknown): unknown {
  if (isSeq(node) && Array.isArray(value)) return updatedList(node, value);
  if (isMap(node) && typeof value === 'object' && value !== null && !Array.isArray(value))
    return updatedMap(node, value as Plain);
  if (!isScalar(node) || typeof value === 'object') return freshNode(value);
  node.value = value;
  delete node.source;
  return node;
}

function updatedMap(map: YAMLMap, value: Plain): YAMLMap {
  const old = new Map(map.items.map((pair) => [isScalar(pair.key) ? pair.key.value : null, pair]));
  const entries = Object.entries(value).map(([key, one]): Pair => {
    const pair = old.get(key);
    if (!pair) return new Document().createPair(key, freshNode(one));
    pair.value = isSame(pair.value, one) ? pair.value : updated(pair.value, one);
    return pair;
  });
  const order = [...old.values()].filter((pair) => entries.includes(pair));
  map.items = [...order, ...entries.filter((pair) => !order.includes(pair))] as typeof map.items;
  return map;
}

function isSame(node: unknown, value: unknown): boolean {
  return isNode(node) && isDeepStrictEqual(node.toJSON(), value);
}

/** What holds nothing but scalars stands on one line. */
function freshNode(value: unknown): Node {
  const node = new Document().createNode(value, { aliasDuplicateObjects: false }) as Node;
  if (isSeq(node)) node.items = (value as readonly unknown[]).map(freshNode);
  if (isMap(node))
    for (const pair of node.items)
      pair.value = freshNode((value as Plain)[String((pair.key as { readonly value: unknown }).value)]);
  if (isSeq(node) || isMap(node))
    node.flow = Object.values(value as object).every((one) => typeof one !== 'object' || one === null);
  return node;
}
