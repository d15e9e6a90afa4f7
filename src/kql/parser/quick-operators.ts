import { type Foreign, foreignList, member } from './foreign.ts';

/** A list of the parser's runtime. */
interface Results {
  readonly Count: number;
  getItem(index: number): Foreign;
  add(item: Foreign): void;
}

type FindSignatures = (
  this: unknown,
  signatures: Foreign,
  operands: Results,
  types: Results,
  result: Results,
  isStrict?: boolean,
) => void;

/**
 * Lets the parser remember which form of an operator fits operands of given types: it tries every form with each use, a twentieth of an
 * analysis. That follows from the types alone, stars aside; types that a query makes are asked for as before. Call it once.
 */
export function quickenOperators(language: Foreign): void {
  const binder = member(member(language, 'Binding'), 'Binder') as unknown as { prototype: Record<string, unknown> };
  const find = binder.prototype.GetBestMatchingSignatures as FindSignatures | undefined;
  const symbols = member(language, 'Symbols');
  const scalars = new Map(
    foreignList(member(member(symbols, 'ScalarTypes'), 'All')).map((type, index) => [type, index]),
  );
  const operators = new Set<unknown>(
    foreignList(member(member(language, 'Operators'), 'All')).map((one) => member(one, 'Signatures')),
  );
  const Star = member(member(language, 'Syntax'), 'StarExpression') as unknown as new () => object;
  if (!find || scalars.size === 0 || operators.size === 0 || typeof Star !== 'function') return;
  const known = new Map<unknown, Map<number, readonly Foreign[]>>();
  const isStar = (operand: unknown): boolean => operand instanceof Star;
  binder.prototype.GetBestMatchingSignatures = function (signatures, operands, types, result, isStrict) {
    const isKnowable = operators.has(signatures) && result.Count === 0 && types.Count > 0;
    const key = isKnowable ? keyOf(types, scalars, isStrict === true) : null;
    if (key === null || anyOf(operands, isStar)) return find.call(this, signatures, operands, types, result, isStrict);
    const fitting = known.get(signatures)?.get(key);
    if (fitting) {
      for (const one of fitting) result.add(one);
      return;
    }
    find.call(this, signatures, operands, types, result, isStrict);
    const byTypes = known.get(signatures) ?? new Map<number, readonly Foreign[]>();
    known.set(signatures, byTypes.set(key, itemsOf(result)));
  } satisfies FindSignatures;
}

/** One number for operands of scalar types, those behind the first of one type; null: others, or a query has made a type. */
function keyOf(types: Results, scalars: ReadonlyMap<Foreign, number>, isStrict: boolean): number | null {
  const { Count: count } = types;
  const [first, second] = [types.getItem(0), types.getItem(Math.min(count, 2) - 1)];
  const places = [scalars.get(first), scalars.get(second)];
  for (let index = 2; index < count; index += 1) if (types.getItem(index) !== second) return null;
  const [one, other] = places;
  if (one === undefined || other === undefined) return null;
  return 2 * ((count * scalars.size + one) * scalars.size + other) + Number(isStrict);
}

function itemsOf(list: Results): readonly Foreign[] {
  return Array.from({ length: list.Count }, (_, index) => list.getItem(index));
}

function anyOf(list: Results, is: (item: unknown) => boolean): boolean {
  for (let index = 0; index < list.Count; index += 1) if (is(list.getItem(index))) return true;
  return false;
}
