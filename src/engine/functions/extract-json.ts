import { memoLast } from '../scalar-operators/memo.ts';
import type { ScalarFunction, Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import { isArray, isBag, jsonText } from '../values/dynamic.ts';
import { parseJsonOrTell } from '../values/json.ts';
import { alias, defineFor, type FunctionBinding } from './define.ts';
import { followPath, parseJsonPath } from './json-path.ts';

/** `extract_json(path, text, typeof(type))`: the binder's result type is the wanted type. */
function createExtract({ resultType }: FunctionBinding) {
  const parsePath = memoLast(parseJsonPath);
  const convert = converter('dynamic', resultType);
  return (path: string, source: Value, _type?: Value): Value => {
    const steps = parsePath(path);
    const document = typeof source === 'string' ? parseJsonOrTell(source) : source;
    if (!steps || document === undefined || document === null) return null;
    const found = followPath(document, steps);
    if (resultType === 'string' && (isBag(found) || isArray(found))) return jsonText(found);
    return convert?.(found) ?? null;
  };
}

const EXTRACT_JSON = defineFor('extract_json', ['string', 'dynamic', 'dynamic?'], createExtract);

export const EXTRACT: readonly ScalarFunction[] = [EXTRACT_JSON, alias('extractjson', EXTRACT_JSON)];
