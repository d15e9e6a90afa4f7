import { arithmetic } from '../scalar-operators/arithmetic.ts';
import { ordering } from '../scalar-operators/comparison.ts';
import type { ScalarCall, ScalarFunction, Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import { packed } from '../values/dynamic.ts';
import { HOUR } from '../values/ticks.ts';
import { MOST_ELEMENTS } from './array.ts';
import { defineBound, type FunctionBinding } from './define.ts';

/** The type in which a range is counted. */
function typeOfRange(types: readonly string[]): string {
  if (types[0] === 'datetime' || types[0] === 'timespan') return types[0];
  return types.some((type) => type === 'real' || type === 'decimal') ? 'real' : 'long';
}

/** `range(start, stop, step)` as an array; the step is 1, or an hour for times. At most 1,048,576 elements. */
function bindRange({ types }: FunctionBinding): ScalarCall | null {
  const type = typeOfRange(types);
  const stepType = type === 'datetime' ? 'timespan' : type;
  const [from, to] = [converter(types[0] ?? '', type), converter(types[1] ?? '', type)];
  const toStep = converter(types[2] ?? stepType, stepType);
  const [add, within, beyond] = [
    arithmetic('+', type, stepType, type),
    ordering('<=', type, type),
    ordering('>=', type, type),
  ];
  if (!from || !to || !toStep || !add || !within || !beyond) return null;
  const usual = type === 'datetime' || type === 'timespan' ? HOUR : 1;
  return (start = null, stop = null, given = usual) => {
    const [end, step] = [to(stop), toStep(given)];
    const items: Value[] = [];
    if (step === null || step === 0) return null;
    const inside = (step as number) > 0 ? within : beyond;
    for (let at = from(start); items.length < MOST_ELEMENTS && inside(at, end) === true; at = add(at, step)) {
      items.push(packed(at, type));
    }
    return items;
  };
}

export const RANGE: readonly ScalarFunction[] = [defineBound('range', bindRange)];
