import { describe, expect, it } from '@jest/globals';
import { PRESETS } from '../../src/formats/presets/registry.ts';
import { TARGETS } from '../../src/targets/registry.ts';

function propertiesOf(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return schema.properties as Readonly<Record<string, unknown>>;
}

describe('the registry', () => {
  it('knows every target by the name in its schema', () => {
    expect(TARGETS.size).toBeGreaterThanOrEqual(4);
    for (const [name, plugin] of TARGETS) {
      expect(plugin.name).toBe(name);
      expect(plugin.configSchema).toMatchObject({
        additionalProperties: false,
        required: expect.arrayContaining(['type']),
        properties: { type: { const: name } },
      });
    }
  });

  it('has a format where there is no preset, and a target for every preset', () => {
    for (const [name, { configSchema }] of TARGETS) {
      const { format } = propertiesOf(configSchema);
      if (PRESETS.has(name)) expect([name, format]).toEqual([name, undefined]);
      else expect(format).toMatchObject({ type: 'string', default: 'native' });
    }
    expect([...PRESETS.keys()].filter((name) => !TARGETS.has(name))).toEqual([]);
  });
});
