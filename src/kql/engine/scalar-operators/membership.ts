import type { Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import { isArray, textOfDynamic } from '../values/dynamic.ts';
import { foldCase } from '../values/fold.ts';
import { type GroupKey, groupKey } from '../values/group-key.ts';
import { realOfDynamic } from '../values/real.ts';
import { textWriter } from '../values/text.ts';
import { memoLast } from './memo.ts';
import { createNeedle, hasTerm, type Needle } from './terms.ts';

/** `value in (members)`; the same array of members again means the same set, which is then prepared once. */
export type SetCall = (value: Value, members: readonly Value[]) => boolean;

interface Member {
  readonly value: Value;
  readonly type: string;
}

const NUMBERS = new Set(['int', 'long', 'real', 'bool']);
const WHOLE = { start: true, end: true };
/** From so many terms on, the text is cut into terms and looked up. */
const LOOKUP_FROM = 64;

/** Members with their types; arrays inside dynamics are spread. */
function spread(members: readonly Value[], types: readonly string[]): Member[] {
  return members.flatMap((value, index): Member[] => {
    const type = types[Math.min(index, types.length - 1)] ?? 'dynamic';
    return isArray(value) ? value.map((item) => ({ value: item, type: 'dynamic' })) : [{ value, type }];
  });
}

/** One key for equal values of the left type, whatever type they came in; undefined where there is none. */
function keyOf(value: Value, from: string, to: string): GroupKey | undefined {
  if (value === null) return undefined;
  if (to === 'dynamic' || to === 'unknown')
    return realOfDynamic(value) ?? groupKey(value, typeof value === 'string' ? 'string' : 'dynamic');
  const plain = from === 'dynamic' ? (realOfDynamic(value) ?? value) : value;
  if (NUMBERS.has(to) && (typeof plain === 'number' || typeof plain === 'bigint')) return plain;
  if (NUMBERS.has(to) && typeof plain === 'boolean') return Number(plain);
  const converted = converter(from, to)?.(value) ?? null;
  return converted === null ? undefined : groupKey(converted, to);
}

function asKey(key: GroupKey | undefined, ignoreCase: boolean): GroupKey | undefined {
  if (typeof key === 'boolean') return Number(key);
  return ignoreCase && typeof key === 'string' ? foldCase(key) : key;
}

function inSet(leftType: string, types: readonly string[], ignoreCase: boolean): SetCall {
  const prepare = memoLast((members: readonly Value[]) => {
    const keys = spread(members, types).map(({ value, type }) => asKey(keyOf(value, type, leftType), ignoreCase));
    return new Set(keys.filter((key) => key !== undefined));
  });
  return (value, members) => {
    const key = asKey(keyOf(value, leftType, leftType), ignoreCase);
    return key !== undefined && prepare(members).has(key);
  };
}

/** Search texts: single terms by lookup where there are many, the others one by one. */
interface Needles {
  readonly terms: ReadonlySet<string>;
  readonly others: readonly Needle[];
}

function createNeedles(members: readonly Member[]): Needles {
  const texts = members.filter(({ value }) => value !== null).map(({ value, type }) => textWriter(type)(value));
  const needles = texts.map((text) => createNeedle(text, false));
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

function hasSet(leftType: string, types: readonly string[], test: typeof hasAny): SetCall {
  const write = leftType === 'dynamic' ? textOfDynamic : textWriter(leftType);
  const prepare = memoLast((members: readonly Value[]) => createNeedles(spread(members, types)));
  return (value, members) => test(foldCase(write(value)), prepare(members));
}

/**
 * `in`, `!in`, `in~`, `!in~`, `has_any`, `has_all`: a value against a set. `memberTypes` gives the type of each member; the last one
 * holds for all that follow. A null is in no set. Null: not such an operator.
 */
export function setOperator(operator: string, leftType: string, memberTypes: readonly string[]): SetCall | null {
  if (operator === 'has_any') return hasSet(leftType, memberTypes, hasAny);
  if (operator === 'has_all') return hasSet(leftType, memberTypes, hasAll);
  if (!/^!?in~?$/.test(operator)) return null;
  const call = inSet(leftType, memberTypes, operator.endsWith('~'));
  return operator.startsWith('!') ? (value, members) => !call(value, members) : call;
}
