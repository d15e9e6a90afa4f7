import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { HuntwireError } from '../lib/errors.ts';
import type { Alert } from './alert.ts';
import { ALERT_SCHEMA } from './alert-schema.ts';

const check = new Ajv2020({ allowUnionTypes: true }).compile<Alert>(ALERT_SCHEMA);

/** Throws ALERT_INVALID with the path of the first thing that breaks the schema. */
export function validateAlert(alert: unknown): asserts alert is Alert {
  if (check(alert)) return;
  throw new HuntwireError('ALERT_INVALID', `The alert breaks its schema ${describe(check.errors?.[0])}.`);
}

function describe(error: ErrorObject | undefined): string {
  if (error === undefined) return 'in a way that was not told';
  const extra = error.keyword === 'additionalProperties' ? ` (${String(error.params.additionalProperty)})` : '';
  return `at ${error.instancePath || '/'}: ${error.message ?? error.keyword}${extra}`;
}
