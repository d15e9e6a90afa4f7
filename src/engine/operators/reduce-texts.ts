import type { Budget } from '../budget.ts';

/** Texts that are alike. */
export interface ReducedText {
  readonly pattern: string;
  /** How many rows. */
  readonly count: number;
  /** The first text of them; empty for those that share nothing. */
  readonly representative: string;
}

interface Reduction {
  readonly groups: readonly ReducedText[];
  readonly ofText: ReadonlyMap<string, ReducedText>;
}

interface ReduceOptions {
  /** 0 to 1: of so many of the different texts a group of their own may be left, and what is told of a text must stand in so many rows. */
  readonly threshold: number;
  /** What separates terms; null: all that is neither a letter of ASCII nor a digit. */
  readonly separators: string | null;
}

/** A text in its terms, and what stands around them: one piece more than there are terms. */
interface Termed {
  readonly text: string;
  readonly terms: readonly string[];
  readonly between: readonly string[];
  readonly count: number;
  /** Its place among the different texts, in the order of rows. */
  readonly place: number;
}

/** The pattern of texts that share no term. */
const OTHERS = 'others';

/**
 * Groups of texts: sorted by their terms, and parted where neighbours have the least in common. How the service finds its groups is not
 * documented; this is our choice, see docs/kql-differences.md.
 */
export function reduceTexts(texts: readonly string[], options: ReduceOptions, budget: Budget): Reduction {
  const known = termed(texts, options.separators, budget);
  const support = supportOf(known);
  const least = options.threshold * texts.length;
  const wanted = Math.max(1, Math.floor(options.threshold * known.length + 1e-9));
  const isTold = (term: string): boolean => (support.get(term) ?? 0) >= least;
  const ofText = new Map<string, ReducedText>();
  const found = parted(known, wanted, budget).map((members) => ({
    members,
    group: groupOf(members, isTold, options.separators !== null),
  }));
  const rest = found.filter(({ group }) => group.pattern === OTHERS);
  const others = { pattern: OTHERS, count: rest.reduce((sum, { group }) => sum + group.count, 0), representative: '' };
  for (const { members, group } of found)
    for (const { text } of members) ofText.set(text, group.pattern === OTHERS ? others : group);
  return { groups: [...new Set(known.map(({ text }) => ofText.get(text) ?? others))], ofText };
}

function termed(texts: readonly string[], separators: string | null, budget: Budget): Termed[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const isSeparator = separatorTest(separators);
  return [...counts].map(([text, count], place) => {
    budget.tick(text.length);
    budget.spendBytes(text.length * 2);
    return { text, count, place, ...partsOf(text, isSeparator) };
  });
}

function separatorTest(separators: string | null): (character: string) => boolean {
  if (separators === null) return (character) => !/^[0-9A-Za-z]$/.test(character);
  const known = new Set(separators);
  return (character) => known.has(character);
}

function partsOf(text: string, isSeparator: (character: string) => boolean): Pick<Termed, 'terms' | 'between'> {
  const [terms, between]: [string[], string[]] = [[], ['']];
  let isInTerm = false;
  for (const character of text) {
    const separates = isSeparator(character);
    if (!separates && !isInTerm) {
      terms.push('');
      between.push('');
    }
    const list = separates ? between : terms;
    list[list.length - 1] += character;
    isInTerm = !separates;
  }
  return { terms, between };
}

/** In how many rows each term stands. */
function supportOf(known: readonly Termed[]): ReadonlyMap<string, number> {
  const support = new Map<string, number>();
  for (const { terms, count } of known)
    for (const term of new Set(terms)) support.set(term, (support.get(term) ?? 0) + count);
  return support;
}

/** So many groups of texts, or fewer, each in the order of rows. */
function parted(known: readonly Termed[], wanted: number, budget: Budget): Termed[][] {
  const order = [...known].sort((a, b) => compareTerms(a.terms, b.terms));
  budget.tick(order.length);
  const likeness = order.slice(1).map((one, at) => {
    const kept = keptTerms(order[at]?.terms ?? [], one.terms).filter((is) => is).length;
    return kept / Math.max(1, one.terms.length, order[at]?.terms.length ?? 0);
  });
  const cuts = new Set(
    [...likeness.keys()]
      .sort((a, b) => (likeness[a] ?? 0) - (likeness[b] ?? 0) || b - a)
      .slice(0, Math.max(0, wanted - 1)),
  );
  const groups: Termed[][] = [];
  for (const [at, one] of order.entries()) {
    if (at === 0 || cuts.has(at - 1)) groups.push([]);
    groups.at(-1)?.push(one);
  }
  return groups.map((members) => members.sort((a, b) => a.place - b.place));
}

function compareTerms(a: readonly string[], b: readonly string[]): number {
  for (const [at, term] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    if (term !== other) return term < other ? -1 : 1;
  }
  return a.length - b.length;
}

/** Which terms of the first text the second shares: at the same places, or where it is longer or shorter, at its beginning and its end. */
function keptTerms(terms: readonly string[], others: readonly string[]): boolean[] {
  if (terms.length === others.length) return terms.map((term, at) => term === others[at]);
  const shorter = Math.min(terms.length, others.length);
  let ahead = 0;
  while (ahead < shorter && terms[ahead] === others[ahead]) ahead += 1;
  let behind = 0;
  while (behind < shorter - ahead && terms.at(-1 - behind) === others.at(-1 - behind)) behind += 1;
  return terms.map((_, at) => at < ahead || at >= terms.length - behind);
}

function groupOf(members: readonly Termed[], isTold: (term: string) => boolean, isPlain: boolean): ReducedText {
  const count = members.reduce((sum, one) => sum + one.count, 0);
  const [first] = members;
  if (!first) return { pattern: OTHERS, count, representative: '' };
  const kept = first.terms.map(isTold);
  for (const { terms } of members)
    for (const [at, is] of keptTerms(first.terms, terms).entries()) kept[at] = kept[at] === true && is;
  if (!kept.includes(true)) return { pattern: OTHERS, count, representative: '' };
  return { pattern: patternOf(first, kept, isPlain), count, representative: first.text };
}

/** The text with a star for what is not kept; separators of one's own are left out beside it. */
function patternOf({ terms, between }: Termed, kept: readonly boolean[], isPlain: boolean): string {
  const gap = (at: number): string => {
    const isBeside = kept[at - 1] === false || kept[at] === false;
    return isPlain && isBeside ? '' : (between[at] ?? '');
  };
  const parts = terms.map((term, at) => {
    if (kept[at]) return term + gap(at + 1);
    return kept[at + 1] === false ? '' : `*${gap(at + 1)}`;
  });
  return gap(0) + parts.join('');
}
