import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { frameSchema } from '../../src/config/frame-schema.ts';
import { authSchema } from '../../src/sources/auth/auth-config.ts';
import { SOURCES } from '../../src/sources/registry.ts';
import { TARGETS } from '../../src/targets/registry.ts';

const frame = frameSchema({ source: {}, auth: {}, target: {} });
const rule: unknown = JSON.parse(readFileSync('schemas/rule.schema.json', 'utf8'));
const plugins = [...SOURCES.values(), ...TARGETS.values()].map((plugin) => plugin.configSchema);

/** Paths of patterns that do not say in words what they want: nobody at a terminal reads a regular expression. */
function unexplained(node: unknown, path = ''): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  const { pattern, 'x-hint': hint } = node as Readonly<Record<string, unknown>>;
  const own = typeof pattern === 'string' && typeof hint !== 'string' ? [path] : [];
  return [...own, ...Object.entries(node).flatMap(([key, child]) => unexplained(child, `${path}/${key}`))];
}

describe('the schemas of rules and configuration', () => {
  it('say in words what every pattern wants', () => {
    expect([frame, authSchema, rule, ...plugins].flatMap((schema) => unexplained(schema))).toEqual([]);
  });
});
