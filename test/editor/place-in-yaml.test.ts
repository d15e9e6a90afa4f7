import { describe, expect, it } from '@jest/globals';
import { placeInYaml } from '../../src/editor/yaml/place-in-yaml.ts';
import { yamlLine } from '../../src/editor/yaml/yaml-lines.ts';

describe('a place in YAML', () => {
  it('is in the first line at its beginning, though that line is empty', () => {
    expect(placeInYaml('\nid: x\n', 0)).toMatchObject({ part: 'key', start: 0 });
  });

  it('is none far out in a line, which would take the square of what stands in front', () => {
    const line = `name: a${' '.repeat(900_000)}`;
    expect(placeInYaml(`${line}b\n`, line.length)).toBeNull();
  });

  it('is found below lines that are very long', () => {
    const text = `alert:\n  title: a${' '.repeat(900_000)}b\n  x`;
    expect(placeInYaml(text, text.length)).toMatchObject({ path: ['alert'], part: 'key', typed: 'x' });
    expect(yamlLine('- '.repeat(300_000)).dashes.length).toBeLessThan(1000);
  });
});
