import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseRules } from '../../src/rules/load-rules.ts';
import { ENTITY_TYPES, RULE_STATUSES, SEVERITIES } from '../../src/rules/rule.ts';
import { ruleOf } from './rule-text.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(resolve(root, 'docs/rules.md'), 'utf8');
const schema = JSON.parse(readFileSync(resolve(root, 'schemas/rule.schema.json'), 'utf8'));
const { properties } = schema;

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly description?: string;
}

function keysOf(node: Node, path = ''): (readonly [string, Node])[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
    [`${path}${key}`, child] as const,
    ...keysOf(child, `${path}${key}.`),
  ]);
  return node.items ? [...own, ...keysOf(node.items, path)] : own;
}

describe('schemas/rule.schema.json', () => {
  it('is a JSON Schema 2020-12 that describes every key', () => {
    const ajv = new Ajv2020({ strict: false });
    expect(ajv.validateSchema(schema)).toBe(true);
    const silent = keysOf(schema).filter(([path, node]) => !node.description && path !== 'alert.entities.type');
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  it('agrees with the code on choices and defaults', () => {
    const { alert } = properties;
    expect(properties.severity.enum).toEqual(SEVERITIES);
    expect(properties.status.enum).toEqual(RULE_STATUSES);
    expect(alert.properties.entities.items.properties.type.enum).toEqual(ENTITY_TYPES);
    const rule = ruleOf();
    expect([properties.status.default, properties.version.default]).toEqual([rule.status, rule.version]);
    expect([alert.properties.limit.default, alert.properties.evidence.default]).toEqual([
      rule.alert.limit,
      rule.alert.evidence,
    ]);
    const [test] = ruleOf({ tests: '[{name: a, rows: [], alerts: []}]' }).tests;
    expect(Date.parse(properties.tests.items.properties.now.default)).toBe(test?.now);
  });
});

describe('docs/rules.md', () => {
  it('names every key', () => {
    const names = keysOf(schema).map(([path]) => path.split('.').at(-1) ?? '');
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(page))).toEqual([]);
  });

  it('begins with a rule that loads', () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    expect(parseRules('rules.md', example).problems).toEqual([]);
  });
});
