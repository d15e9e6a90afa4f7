import type { ScalarCall, ScalarFunction, Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import { dynamicType, packed } from '../values/dynamic.ts';
import { parseJsonOrTell } from '../values/json.ts';
import { alias, defineBound, type FunctionBinding, missingOf } from './define.ts';

function conversion(name: string, to: string): ScalarFunction {
  return defineBound(name, ({ types: [from = ''] }) => {
    const convert = converter(from, to);
    const missing = missingOf(to);
    return convert && ((value = null) => convert(value) ?? missing);
  });
}

/** Text as JSON; text that is not JSON stays text. */
function dynamicOfText(text: string): Value {
  if (text === '') return null;
  const value = parseJsonOrTell(text);
  return value === undefined ? text : value;
}

/** What is dynamic already stays as it is: text inside a dynamic is not parsed, only tostring() of it is. */
function bindParse({ types: [from = ''] }: FunctionBinding): ScalarCall {
  if (from === 'string') return (value = null) => (typeof value === 'string' ? dynamicOfText(value) : null);
  return (value = null) => packed(value, from);
}

/** A real inside a dynamic goes by the name `double`, one in a column by `real`. */
function nameOfType(value: Value): string {
  const type = dynamicType(value);
  return type === 'real' ? 'double' : type;
}

function bindGetType({ types: [type = ''] }: FunctionBinding): ScalarCall {
  if (type === 'dynamic' || type === 'unknown') return (value = null) => nameOfType(value);
  return () => type;
}

const TODATETIME = conversion('todatetime', 'datetime');
const TOTIMESPAN = conversion('totimespan', 'timespan');
const TOREAL = conversion('toreal', 'real');
const TOBOOL = conversion('tobool', 'bool');
const PARSE_JSON = defineBound('parse_json', bindParse);

/** `tohex(number, length)`: two's complement of the type's size. */
function bindHex({ types: [type = '', lengthType = 'long'] }: FunctionBinding): ScalarCall | null {
  const convert = converter(type, 'long');
  const toLength = converter(lengthType, 'long');
  const size = type === 'int' ? 32 : 64;
  if (!convert || !toLength) return null;
  return (value = null, length = 1) => {
    const whole = convert(value);
    if (typeof whole !== 'number' && typeof whole !== 'bigint') return '';
    const width = Math.min(16, Number(toLength(length) ?? 1));
    return BigInt.asUintN(size, BigInt(whole)).toString(16).padStart(width, '0');
  };
}

/** to…(), gettype() and the readers of JSON. */
export const CONVERSIONS: readonly ScalarFunction[] = [
  conversion('tostring', 'string'),
  conversion('toint', 'int'),
  conversion('tolong', 'long'),
  TOREAL,
  alias('todouble', TOREAL),
  conversion('todecimal', 'decimal'),
  TOBOOL,
  alias('toboolean', TOBOOL),
  TODATETIME,
  TOTIMESPAN,
  alias('totime', TOTIMESPAN),
  conversion('toguid', 'guid'),
  PARSE_JSON,
  alias('parsejson', PARSE_JSON),
  alias('todynamic', PARSE_JSON),
  alias('toobject', PARSE_JSON),
  defineBound('gettype', bindGetType),
  defineBound('tohex', bindHex),
];
