import { describe, expect, it } from '@jest/globals';
import { TARGETS } from '../../src/targets/registry.ts';

describe('the registry', () => {
  it('knows every target by the name in its schema', () => {
    expect(TARGETS.size).toBeGreaterThanOrEqual(4);
    for (const [name, plugin] of TARGETS) {
      expect(plugin.name).toBe(name);
      expect(plugin.configSchema).toMatchObject({
        additionalProperties: false,
        required: expect.arrayContaining(['type']),
        properties: { type: { const: name }, format: { type: 'string', default: 'native' } },
      });
    }
  });
});
