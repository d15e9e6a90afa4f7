import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { PRESETS } from '../../src/formats/presets/registry.ts';
import type { PluginSchema } from '../../src/lib/plugin.ts';
import { TARGETS } from '../../src/targets/registry.ts';

/** Vendors that take no other word than those that they know: one that is wrong would make a dead letter of every alert. */
const CLOSED: Readonly<Record<string, readonly (string | number)[]>> = {
  pagerduty: ['P1', 'high', 1],
  servicenow: ['high', 0, 1.5],
  thehive: ['high', 5, 0],
  xsoar: ['high', 5, 0.7],
  otlp: ['ERROR', 0, 25],
  elastic: ['high', -1, 1.5],
  slack: ['red', '#12345', 1],
  teams: ['red', 'Attention', 1],
  email: ['urgent', 'High', 1],
};

const ajv = new Ajv2020({ strict: true, validateFormats: false, keywords: ['x-path', 'x-hint', 'x-headers'] });

function accepts(type: string, severityMap: object): boolean {
  const properties = (TARGETS.get(type)?.configSchema.properties ?? {}) as Readonly<Record<string, PluginSchema>>;
  return ajv.validate(properties.severityMap ?? {}, severityMap);
}

const mapped = [...PRESETS.keys()];

describe('severityMap', () => {
  it.each(mapped)('of %s takes what its own map gives', (type) => {
    expect(accepts(type, PRESETS.get(type)?.severities ?? {})).toBe(true);
  });

  it.each(Object.entries(CLOSED))('of %s takes nothing that the vendor would refuse', (type, wrong) => {
    expect(wrong.filter((value) => accepts(type, { high: value }))).toEqual([]);
  });
});
