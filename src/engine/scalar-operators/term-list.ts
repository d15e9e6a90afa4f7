import type { Value } from '../value.ts';
import { textOfDynamic } from '../values/dynamic.ts';
import { foldCase } from '../values/fold.ts';
import { textWriter } from '../values/text.ts';
import { memoLast } from './memo.ts';
import { createNeedle, hasTerm, type Needle } from './terms.ts';

/** A value against search texts; the same array of texts again means the same list, which is then prepared once. */
type TermListCall = (value: Value, texts: readonly Value[]) => boolean;

const WHOLE = { start: true, end: true };
/** From so many terms on, the text is cut into terms and looked up. */
const LOOKUP_FROM = 64;

/** Search texts: single terms by lookup where there are many, the others one by one. */
interface Needles {
  readonly terms: ReadonlySet<string>;
  readonly others: readonly Needle[];
}

function createNeedles(texts: readonly Value[]): Needles {
  const needles = texts.map((text) => createNeedle(textOfDynamic(text), false));
  if (needles.length < LOOKUP_FROM) return { terms: new Set(), others: needles };
  const isTerm = (needle: Needle): boolean => /^[\p{L}\p{N}]+$/u.test(needle.text);
  return {
    terms: new Set(needles.filter(isTerm).map((needle) => needle.text)),
    others: needles.filter((needle) => !isTerm(needle)),
  };
}

const TERMS = /[\p{L}\p{N}]+/gu;

function hasAny(text: string, { terms, others }: Needles): boolean {
  if (terms.size > 0) {
    for (const [term] of text.matchAll(TERMS)) if (terms.has(term)) return true;
  }
  return others.some((needle) => hasTerm(text, needle, WHOLE));
}

function hasAll(text: string, { terms, others }: Needles): boolean {
  if (terms.size > 0) {
    const present = new Set(text.match(TERMS));
    for (const term of terms) if (!present.has(term)) return false;
  }
  return others.every((needle) => hasTerm(text, needle, WHOLE));
}

const TESTS: Readonly<Record<string, typeof hasAny>> = { has_any: hasAny, has_all: hasAll };

/** `has_any` and `has_all`: whether a text has terms of a list; a null in the list is an empty text, which every text has. Null: not such an operator. */
export function termListOperator(operator: string, leftType: string): TermListCall | null {
  const test = TESTS[operator];
  const write = textWriter(leftType);
  const prepare = memoLast(createNeedles);
  return test ? (value, texts) => test(foldCase(write(value)), prepare(texts)) : null;
}
