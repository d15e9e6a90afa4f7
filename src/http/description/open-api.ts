import type { JsonSchema } from '../../actions/schema.ts';
import { describedSchema, OPENAPI_FORM } from './described-schema.ts';
import { type DescribedOperation, FAILURES, namedSchemas, OPERATIONS } from './operations.ts';

/** What a description is made with. */
export interface Described {
  readonly version: string;
  /** Where the paths begin: an address, or a path of the same one. */
  readonly base: string;
  readonly alert: JsonSchema;
}

export const DESCRIPTION =
  'Detection as code for Microsoft Defender advanced hunting: what a host may ask a process that runs for.';

/** OpenAPI 3.0.3, because importers of hosts do not take 3.1. */
export function openApi({ version, base, alert }: Described): JsonSchema {
  const schemas = namedSchemas(alert, (schema, open) => describedSchema(schema, OPENAPI_FORM, open));
  return {
    openapi: '3.0.3',
    info: { title: 'Huntwire', version, description: DESCRIPTION, license: { name: 'Apache-2.0' } },
    servers: [{ url: base }],
    security: [{ bearer: [] }],
    tags: [...new Set(OPERATIONS.map(({ scope }) => scope))].map((name) => ({ name })),
    paths: Object.fromEntries(OPERATIONS.map((one) => [one.path, { [one.method]: operationOf(one) }])),
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas,
      responses: { Failure: { description: 'What failed, and why.', content: jsonOf('Failure') } },
    },
  };
}

function operationOf(operation: DescribedOperation): JsonSchema {
  const { id: operationId, method, summary, description, scope, input, results } = operation;
  const success = { 200: { description: 'What came of it.', content: jsonOf(results) } };
  const failures = Object.entries(FAILURES).map(([status, text]) => [
    status,
    { description: text, content: jsonOf('Failure') },
  ]);
  return {
    ...{ operationId, summary, description, tags: [scope] },
    ...(method === 'get'
      ? { parameters: parametersOf(operation) }
      : { requestBody: { required: operation.schema.required.length > 0, content: jsonOf(input) } }),
    responses: { ...success, ...Object.fromEntries(failures) },
  };
}

function parametersOf({ schema: { properties, required } }: DescribedOperation): readonly JsonSchema[] {
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = describedSchema(property, OPENAPI_FORM, false);
    const list = schema.type === 'array' ? { style: 'form', explode: false } : {};
    return { name, in: 'query', required: required.includes(name), description, ...list, schema };
  });
}

function jsonOf(name: string): JsonSchema {
  return { 'application/json': { schema: { $ref: `${OPENAPI_FORM.place}${name}` } } };
}
