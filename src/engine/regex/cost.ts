import type { ParsedRegex, RegexNode, RepeatNode } from './ast.ts';

/** Characters a node may begin with: one bit for each of ASCII, one for each kind of all others. */
type Characters = bigint;

/** One character beyond ASCII for each kind that Perl classes tell apart: letters, digits, white space, and what is none of them. */
const KINDS = ['é', '٣', '\u00a0', '€'];
const OTHERS = 0b1111n << 128n;
const FOLDS_BEYOND_ASCII = /[kKsS]/;

/** What backtracking may cost on a text of n characters: n^degree; Infinity stands for exponential. */
interface RegexCost {
  readonly degree: number;
}

type Leaf = Extract<RegexNode, { kind: 'character' }>;

interface Survey {
  readonly ignoreCase: boolean;
}

function othersOf(leaf: Leaf, survey: Survey): Characters {
  if (/\\[Ppu]|\\x[89a-f]/.test(leaf.source)) return OTHERS;
  const pattern = new RegExp(`^(?:${leaf.wide ?? leaf.source})$`, survey.ignoreCase ? 'iv' : 'v');
  return KINDS.reduce((set, one, index) => (pattern.test(one) ? set | (1n << BigInt(128 + index)) : set), 0n);
}

/** What short sources of characters begin with, of all patterns: many have the same few. */
const KEPT = 5000;
const KEPT_LENGTH = 100;
const keptCharacters = new Map<string, Characters>();

function charactersOf(leaf: Leaf, survey: Survey): Characters {
  const key = JSON.stringify([survey.ignoreCase, leaf.source, leaf.wide]);
  const known = keptCharacters.get(key);
  if (known !== undefined) return known;
  const set = findCharacters(leaf, survey);
  if (keptCharacters.size >= KEPT) keptCharacters.clear();
  if (key.length <= KEPT_LENGTH) keptCharacters.set(key, set);
  return set;
}

function findCharacters(leaf: Leaf, survey: Survey): Characters {
  const pattern = new RegExp(`^(?:${leaf.source})$`, survey.ignoreCase ? 'iv' : 'v');
  let set = othersOf(leaf, survey);
  for (let code = 0; code < 128; code += 1) {
    const character = String.fromCharCode(code);
    if (!pattern.test(character)) continue;
    set |= 1n << BigInt(code);
    if (survey.ignoreCase && FOLDS_BEYOND_ASCII.test(character)) set |= OTHERS;
  }
  return set;
}

function isNullable(node: RegexNode): boolean {
  switch (node.kind) {
    case 'character':
      return false;
    case 'assertion':
      return true;
    case 'group':
      return isNullable(node.body);
    case 'sequence':
      return node.items.every(isNullable);
    case 'choice':
      return node.branches.some(isNullable);
    case 'repeat':
      return node.minimum === 0 || isNullable(node.body);
  }
}

function firstOfItems(items: readonly RegexNode[], survey: Survey): Characters {
  let set = 0n;
  for (const item of items) {
    set |= firstOf(item, survey);
    if (!isNullable(item)) return set;
  }
  return set;
}

function firstOf(node: RegexNode, survey: Survey): Characters {
  switch (node.kind) {
    case 'character':
      return charactersOf(node, survey);
    case 'assertion':
      return 0n;
    case 'group':
    case 'repeat':
      return firstOf(node.body, survey);
    case 'sequence':
      return firstOfItems(node.items, survey);
    case 'choice':
      return node.branches.reduce((set, branch) => set | firstOf(branch, survey), 0n);
  }
}

/** Where a node stands: what may come next, and whether it is inside a repetition. */
interface Place {
  readonly follow: Characters;
  readonly looped: boolean;
}

function degreeOfRepeat(node: RepeatNode, place: Place, survey: Survey): number {
  const first = firstOf(node.body, survey);
  const variable = node.minimum !== node.maximum;
  const ambiguous = variable && (first & place.follow) !== 0n;
  if (ambiguous && place.looped) return Number.POSITIVE_INFINITY;
  const loops = node.maximum > 1;
  if (loops && isNullable(node.body)) return Number.POSITIVE_INFINITY;
  const inner: Place = { follow: place.follow | (loops ? first : 0n), looped: place.looped || loops };
  return degreeOf(node.body, inner, survey) + (ambiguous && loops ? 1 : 0);
}

function degreeOfChoice(branches: readonly RegexNode[], place: Place, survey: Survey): number {
  let seen = 0n;
  for (const branch of branches) {
    const first = firstOf(branch, survey) | (isNullable(branch) ? place.follow : 0n);
    if (place.looped && (first & seen) !== 0n) return Number.POSITIVE_INFINITY;
    seen |= first;
  }
  return Math.max(...branches.map((branch) => degreeOf(branch, place, survey)));
}

function degreeOfSequence(items: readonly RegexNode[], place: Place, survey: Survey): number {
  let degree = 0;
  items.forEach((item, index) => {
    const rest = items.slice(index + 1);
    const follow = firstOfItems(rest, survey) | (rest.every(isNullable) ? place.follow : 0n);
    degree += degreeOf(item, { ...place, follow }, survey);
  });
  return degree;
}

function degreeOf(node: RegexNode, place: Place, survey: Survey): number {
  switch (node.kind) {
    case 'character':
    case 'assertion':
      return 0;
    case 'group':
      return degreeOf(node.body, place, survey);
    case 'sequence':
      return degreeOfSequence(node.items, place, survey);
    case 'choice':
      return degreeOfChoice(node.branches, place, survey);
    case 'repeat':
      return degreeOfRepeat(node, place, survey);
  }
}

function countLoops(node: RegexNode): number {
  switch (node.kind) {
    case 'group':
      return countLoops(node.body);
    case 'sequence':
      return node.items.reduce((sum, item) => sum + countLoops(item), 0);
    case 'choice':
      return Math.max(...node.branches.map(countLoops));
    case 'repeat':
      return node.maximum > 1 ? 1 : countLoops(node.body);
    default:
      return 0;
  }
}

/**
 * An upper bound for backtracking, on the safe side: a repetition counts where what it takes may also come next, and inside
 * another repetition that is exponential. The start of the search and the first repetition add one each.
 */
export function regexCost(parsed: ParsedRegex): RegexCost {
  const survey: Survey = { ignoreCase: parsed.ignoreCase };
  const ambiguity = degreeOf(parsed.root, { follow: 0n, looped: false }, survey);
  return { degree: 1 + (countLoops(parsed.root) > 0 ? 1 : 0) + ambiguity };
}
