import type { EvaluationContext, ScalarCall, ScalarFunction, Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import type { Decimal } from '../values/decimal.ts';
import type { Integer } from '../values/integer.ts';

/** What a function is bound with. */
export interface FunctionBinding {
  readonly types: readonly string[];
  readonly resultType: string;
  readonly constants: readonly (Value | undefined)[];
  readonly context: EvaluationContext;
}

/** How arguments reach the implementation; `index` is a whole number as a JavaScript number, NaN where it is null. */
interface Native {
  readonly string: string;
  readonly guid: string;
  readonly bool: boolean;
  readonly int: number;
  readonly long: Integer;
  readonly real: number;
  readonly decimal: Decimal;
  readonly datetime: Integer;
  readonly timespan: Integer;
  readonly dynamic: Value;
  readonly index: number;
}

/** A type name; with `?` the argument may be left out. */
export type Parameter = keyof Native | `${keyof Native}?`;

type Argument<P> = P extends keyof Native
  ? Native[P]
  : P extends `${infer T extends keyof Native}?`
    ? Native[T] | undefined
    : never;

type Arguments<P extends readonly Parameter[]> = { -readonly [K in keyof P]: Argument<P[K]> };

type Convert = (value: Value) => Value;

interface Slot {
  readonly convert: Convert;
  /** Whether a null reaches the implementation; else it makes the result null. */
  readonly takesNull: boolean;
}

function toIndex(type: string): Convert | null {
  const convert = converter(type, 'long');
  return convert && ((value) => Number(convert(value) ?? Number.NaN));
}

function slotOf(parameter: Parameter, type: string): Slot | null {
  const name = parameter.replace('?', '');
  const convert = name === 'index' ? toIndex(type) : converter(type, name);
  return convert && { convert, takesNull: name === 'dynamic' };
}

function slotsOf(parameters: readonly Parameter[], types: readonly string[]): Slot[] | null {
  const least = parameters.filter((parameter) => !parameter.endsWith('?')).length;
  if (types.length < least || types.length > parameters.length) return null;
  const slots = types.map((type, index) => slotOf(parameters[index] ?? 'dynamic', type));
  return slots.every((slot) => slot !== null) ? slots : null;
}

/** The value that stands for "no result". */
export function missingOf(resultType: string): Value {
  return resultType === 'string' ? '' : null;
}

function converted(call: ScalarCall, slots: readonly Slot[], missing: Value): ScalarCall {
  const [first, second] = slots;
  if (slots.length === 1 && first) {
    return (a = null) => {
      const x = first.convert(a);
      return x === null && !first.takesNull ? missing : (call(x) ?? missing);
    };
  }
  if (slots.length === 2 && first && second) {
    return (a = null, b = null) => {
      const [x, y] = [first.convert(a), second.convert(b)];
      return (x === null && !first.takesNull) || (y === null && !second.takesNull) ? missing : (call(x, y) ?? missing);
    };
  }
  return (...values) => {
    const ready = slots.map(({ convert }, index) => convert(values[index] ?? null));
    const lacks = ready.some((value, index) => value === null && !slots[index]?.takesNull);
    return lacks ? missing : (call(...ready) ?? missing);
  };
}

/** A function with fixed parameters whose implementation is made anew for each call in a query, so that it can keep what it prepared. */
export function defineFor<const P extends readonly Parameter[]>(
  name: string,
  parameters: P,
  create: (binding: FunctionBinding) => ((...values: Arguments<P>) => Value) | null,
): ScalarFunction {
  return {
    name,
    bind(types, resultType, constants, context) {
      const slots = slotsOf(parameters, types);
      const call = slots && create({ types, resultType, constants, context });
      return slots && call && converted(call as ScalarCall, slots, missingOf(resultType));
    },
  };
}

/**
 * A function with fixed parameters: arguments are converted to the parameters' types, a null argument makes a null result unless the
 * parameter is dynamic, and a null result is empty text where the function gives a string.
 */
export function define<const P extends readonly Parameter[]>(
  name: string,
  parameters: P,
  call: (...values: Arguments<P>) => Value,
): ScalarFunction {
  return defineFor(name, parameters, () => call);
}

/** A function that looks at the types itself. */
export function defineBound(name: string, bind: (binding: FunctionBinding) => ScalarCall | null): ScalarFunction {
  return {
    name,
    bind: (types, resultType, constants, context) => bind({ types, resultType, constants, context }),
  };
}

/** The function with one more argument, of which only the default is supported: a constant equal to it. */
export function withDefault({ name, bind }: ScalarFunction, place: number, initial: Value): ScalarFunction {
  return {
    name,
    bind(types, resultType, constants, context) {
      if (types.length !== place + 1) return bind(types, resultType, constants, context);
      return constants[place] === initial
        ? bind(types.slice(0, place), resultType, constants.slice(0, place), context)
        : null;
    },
  };
}

/** The same function under another name. */
export function alias(name: string, { bind }: ScalarFunction): ScalarFunction {
  return { name, bind };
}

/** Functions by name. */
export function byName(functions: readonly ScalarFunction[]): ReadonlyMap<string, ScalarFunction> {
  return new Map(functions.map((one) => [one.name, one]));
}
