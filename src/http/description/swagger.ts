import type { JsonSchema } from '../../actions/schema.ts';
import { describedSchema, SWAGGER_FORM } from './described-schema.ts';
import { DESCRIPTION, type Described } from './open-api.ts';
import { type DescribedOperation, FAILURES, namedSchemas, OPERATIONS } from './operations.ts';

/** Swagger 2.0, which some hosts still ask for. It knows no bearer tokens: the header is said as it is sent, `Bearer` and the token. */
export function swagger({ version, base, alert }: Described): JsonSchema {
  return {
    swagger: '2.0',
    info: { title: 'Huntwire', version, description: DESCRIPTION, license: { name: 'Apache-2.0' } },
    ...placeOf(base),
    consumes: ['application/json'],
    produces: ['application/json'],
    securityDefinitions: {
      bearer: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'Bearer, a space and the token.' },
    },
    security: [{ bearer: [] }],
    paths: Object.fromEntries(OPERATIONS.map((one) => [one.path, { [one.method]: operationOf(one) }])),
    definitions: namedSchemas(alert, (schema, open) => describedSchema(schema, SWAGGER_FORM, open)),
  };
}

function placeOf(base: string): JsonSchema {
  if (base.startsWith('/')) return { basePath: base };
  const { protocol, host, pathname } = new URL(base);
  return { schemes: [protocol.replace(':', '')], host, basePath: pathname };
}

function operationOf(operation: DescribedOperation): JsonSchema {
  const { id: operationId, method, summary, description, scope, results } = operation;
  const failures = Object.entries(FAILURES).map(([status, text]) => [
    status,
    { description: text, schema: namedSchema('Failure') },
  ]);
  return {
    ...{ operationId, summary, description, tags: [scope] },
    parameters: method === 'get' ? queryOf(operation) : bodyOf(operation),
    responses: {
      200: { description: 'What came of it.', schema: namedSchema(results) },
      ...Object.fromEntries(failures),
    },
  };
}

function queryOf({ schema: { properties, required } }: DescribedOperation): readonly JsonSchema[] {
  return Object.entries(properties).map(([name, property]) => {
    const schema = describedSchema(property, SWAGGER_FORM, false);
    const list = schema.type === 'array' ? { collectionFormat: 'csv' } : {};
    return { name, in: 'query', required: required.includes(name), ...list, ...schema };
  });
}

function bodyOf({ input, schema: { required } }: DescribedOperation): readonly JsonSchema[] {
  return [{ name: 'input', in: 'body', required: required.length > 0, schema: namedSchema(input) }];
}

function namedSchema(name: string): JsonSchema {
  return { $ref: `${SWAGGER_FORM.place}${name}` };
}
