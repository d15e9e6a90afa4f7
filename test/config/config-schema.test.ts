import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { documentSchema } from '../../src/config/config-schema.ts';
import { REGISTRIES } from './fake-plugins.ts';

const schema = documentSchema(REGISTRIES);
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
const validate = ajv.compile(schema);

function faults(yaml: string): string[] {
  validate(parse(yaml));
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

describe('configSchema', () => {
  it('lets a good configuration pass', () => {
    const yaml = `
source: {limits: {perMinute: 3}}
auth: {tenantId: t, clientId: c, clientSecret: "\${env:S}"}
rules: [rules]
targets:
  a: {type: hook, url: u, port: "\${env:PORT}", verify: true, format: "\${env:F}"}
  b: {type: print}
defaultTargets: [a]
health: {targets: [b]}
log: {level: "\${env:LEVEL}"}
`;
    expect(faults(yaml)).toEqual([]);
  });

  it.each([
    ['source: {api: nope}', '/source/api must be equal to one of the allowed values'],
    ['source: {api: local, cloud: dod}', '/source must NOT have additional properties'],
    ['source: {cloud: mars}', '/source/cloud must be equal to one of the allowed values'],
    ['targets: {a: {url: u}}', "/targets/a must have required property 'type'"],
    ['targets: {a: {type: hook}}', "/targets/a must have required property 'url'"],
    ['targets: {a: {type: hook, url: u, port: many}}', '/targets/a/port must be integer'],
    ['targets: {a: {type: hook, url: u, format: xml}}', '/targets/a/format must be equal to one of the allowed values'],
    ['targets: {a: {type: print, url: u}}', '/targets/a must NOT have additional properties'],
    ['tenants: [{name: a}]', "/tenants/0 must have required property 'source'"],
    ['log: {level: loud}', '/log/level must be equal to one of the allowed values'],
    ['extra: 1', ' must NOT have additional properties'],
  ])('refuses %s', (yaml, message) => {
    expect(faults(yaml)).toContain(message);
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });
});
