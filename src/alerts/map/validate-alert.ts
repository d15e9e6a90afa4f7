import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { HuntwireError } from '../../lib/errors.ts';
import type { Alert } from '../alert.ts';
import { ALERT_SCHEMA } from './alert-schema.ts';

/** Made to compile soon: that the schema is one is tested, not checked at each start. */
const AJV_OPTIONS = { allowUnionTypes: true, meta: false, validateSchema: false } as const;

let compiled: ValidateFunction<Alert> | null = null;

/** Throws ALERT_INVALID with the path of the first thing that breaks the schema. */
export function validateAlert(alert: unknown): asserts alert is Alert {
  compiled ??= new Ajv2020(AJV_OPTIONS).compile<Alert>(ALERT_SCHEMA);
  const check = compiled;
  if (check(alert)) return;
  throw new HuntwireError('ALERT_INVALID', `The alert breaks its schema ${describe(check.errors?.[0])}.`);
}

function describe(error: ErrorObject | undefined): string {
  if (error === undefined) return 'in a way that was not told';
  const extra = error.keyword === 'additionalProperties' ? ` (${String(error.params.additionalProperty)})` : '';
  return `at ${error.instancePath || '/'}: ${error.message ?? error.keyword}${extra}`;
}
