import { HuntwireError } from '../../lib/errors.ts';
import type { ScalarCall, ScalarFunction } from '../value.ts';
import { converter } from '../values/convert.ts';
import { parseGuid } from '../values/guid.ts';
import { define, defineBound, defineFor, type FunctionBinding } from './define.ts';

/** A random guid of version 4 from the query's own chance. */
function newGuid(random: () => number): string | null {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16));
  digits[12] = '4';
  digits[16] = (8 + Math.floor(random() * 4)).toString(16);
  return parseGuid(digits.join(''));
}

function bindAssert({ types: [type = ''] }: FunctionBinding): ScalarCall | null {
  const convert = converter(type, 'bool');
  return (
    convert &&
    ((condition = null, message = '') => {
      if (convert(condition) === true) return true;
      throw new HuntwireError('KQL_FAILED', `assert() failed: ${String(message)}`);
    })
  );
}

/** The zones that Node's copy of the IANA database names. */
function bindTimezones(): ScalarCall {
  const zones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])].sort();
  return () => zones;
}

/** What a query may ask about where it runs: the local engine has one nameless cluster, as the service's own emulator has. */
export const ENVIRONMENT: readonly ScalarFunction[] = [
  defineFor(
    'new_guid',
    [],
    ({ context }) =>
      () =>
        newGuid(() => context.random()),
  ),
  defineBound('assert', bindAssert),
  define('current_cluster_endpoint', [], () => 'localhost'),
  defineBound('datetime_list_timezones', bindTimezones),
  define('current_database', [], () => 'NetDefaultDB'),
  define('current_principal', [], () => '<null identity>'),
];
