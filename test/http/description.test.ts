import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { ACTIONS } from '../../src/actions/registry.ts';
import type { JsonSchema } from '../../src/actions/schema.ts';
import { ALERT_SCHEMA } from '../../src/alerts/map/alert-schema.ts';
import { describedSchema, OPENAPI_FORM, SWAGGER_FORM } from '../../src/http/description/described-schema.ts';
import { openApi } from '../../src/http/description/open-api.ts';
import { OPERATIONS } from '../../src/http/description/operations.ts';
import { swagger } from '../../src/http/description/swagger.ts';
import { testAlert } from '../../src/outbox/test-alert.ts';

const root = join(import.meta.dirname, '../..');
const DESCRIBED = { version: '1.2.3', base: 'http://127.0.0.1:8484', alert: ALERT_SCHEMA };

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
}

const FORMS: readonly (readonly [string, string, JsonSchema])[] = [
  ['OpenAPI 3.0.3', '3.0', openApi(DESCRIBED)],
  ['Swagger 2.0', '2.0', swagger(DESCRIBED)],
  ['OpenAPI 3.0.3 below a path', '3.0', openApi({ ...DESCRIBED, base: '/huntwire' })],
  ['Swagger 2.0 below a path', '2.0', swagger({ ...DESCRIBED, base: '/huntwire' })],
];

describe.each(FORMS)('a description as %s', (_, version, description) => {
  it('is one, as others see it, and every reference leads somewhere', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(JSON.stringify(description)));
    expect([validator.version, valid, errors]).toEqual([version, true, undefined]);
    expect(JSON.stringify(validator.resolveRefs())).not.toContain('"$ref"');
  });

  it('has every action under a name of its own', () => {
    const { paths } = description as unknown as Description;
    const ids = Object.values(paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(ids).toEqual(OPERATIONS.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    for (const slug of ACTIONS.keys()) expect(paths[`/v1/actions/${slug}`]).toHaveProperty('post');
  });

  it('holds nothing that only newer forms have', () => {
    const text = JSON.stringify(description);
    expect(text).not.toMatch(/"(oneOf|anyOf|const|if|\$defs|x-cli)":|"type":\[|"type":"null"/);
  });
});

describe('a schema that is described', () => {
  it('lets through what the schema itself does, and more with time', () => {
    const alert = {
      ...testAlert({ tenants: [], links: { alert: null } }, 'soar', 0),
      acknowledged: { by: 'ann', at: '2026-01-01T00:00:00Z' },
    };
    const ajv = new Ajv({ strict: false });
    (addFormats as unknown as (ajv: Ajv) => void)(ajv);
    const validate = ajv.compile(describedSchema(ALERT_SCHEMA, OPENAPI_FORM, true));
    const { id: _, ...nameless } = alert;
    const values = [
      alert,
      { ...alert, acknowledged: null, window: null, later: 1 },
      nameless,
      { ...alert, revision: 'x' },
    ];
    expect(values.map((value) => validate(value))).toEqual([true, true, false, false]);
  });

  it.each([
    [{ type: ['string', 'null'] }, { type: 'string', nullable: true }, { type: 'string', 'x-nullable': true }],
    [{ type: ['string', 'number'] }, {}, {}],
    [
      { enum: ['a', null] },
      { type: 'string', enum: ['a', null], nullable: true },
      { type: 'string', enum: ['a'], 'x-nullable': true },
    ],
    [{ type: 'null' }, { type: 'object', nullable: true }, { type: 'object', 'x-nullable': true }],
    [
      { oneOf: [{ type: 'integer' }, { type: 'null' }] },
      { type: 'integer', nullable: true },
      { type: 'integer', 'x-nullable': true },
    ],
    [{ $ref: 'schemas/alert.schema.json' }, { $ref: '#/components/schemas/Alert' }, { $ref: '#/definitions/Alert' }],
  ])('%j is %j, and %j', (schema: JsonSchema, open, older) => {
    expect(describedSchema(schema, OPENAPI_FORM, true)).toEqual(open);
    expect(describedSchema(schema, SWAGGER_FORM, true)).toEqual(older);
  });
});

describe('items of modules', () => {
  const folder = join(root, 'hosts/sekoia');
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const items = readdirSync(folder).filter((file) => file !== 'manifest.json');

  it('are there for every action and trigger, and for nothing else', () => {
    const { triggers } = JSON.parse(readFileSync(join(root, 'manifest.json'), 'utf8'));
    const wanted = [
      ...[...ACTIONS.keys()].map((slug) => `action_${slug}.json`),
      ...triggers.map(({ slug }: { readonly slug: string }) => `trigger_${slug}.json`),
    ];
    expect(items.sort()).toEqual(wanted.sort());
  });

  it('hold schemas of draft 07 that stand by themselves', () => {
    const ajv = new Ajv({ strict: false });
    (addFormats as unknown as (ajv: Ajv) => void)(ajv);
    for (const file of items) {
      const item = read(file);
      expect(Object.keys(item)).toEqual([
        'uuid',
        'name',
        'slug',
        'description',
        'docker_parameters',
        'arguments',
        'results',
      ]);
      for (const schema of [item.arguments, item.results]) expect(() => ajv.compile(schema)).not.toThrow();
    }
    expect(() => ajv.addFormat('password', true).compile(read('manifest.json').configuration)).not.toThrow();
  });
});
