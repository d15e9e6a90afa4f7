import { describe, expect, it } from '@jest/globals';
import { FORMATS } from '../../src/formats/registry.ts';
import { describeFormat } from '../contract/format.ts';

for (const [name, { format }] of FORMATS) describeFormat(name, format);

describe('the registry', () => {
  it('knows each format by its own name', () => {
    expect([...FORMATS.keys()]).toEqual([...FORMATS.values()].map((one) => one.name));
    expect(FORMATS.size).toBeGreaterThanOrEqual(2);
  });
});
