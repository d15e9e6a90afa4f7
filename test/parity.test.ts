import { describe, expect, it } from '@jest/globals';
import { brokenLinks, root } from './markdown.ts';
import { loadCatalogue } from './parity/catalogue.ts';
import { PARITY_CHECKS } from './parity/checks.ts';
import { openTree } from './parity/tree.ts';
import { NO_ACTION } from './parity/verb-checks.ts';
import { sourceFolder } from './source-files.ts';

const tree = openTree(root);
const catalogue = await loadCatalogue(sourceFolder, 'ts');

describe('parity', () => {
  it.each(PARITY_CHECKS.map((check) => [check.name, check] as const))('%s', (_, check) => {
    expect(check.complaints({ tree, catalogue })).toEqual([]);
  });

  it('has a name of its own for every check', () => {
    expect(new Set(PARITY_CHECKS.map((check) => check.name)).size).toBe(PARITY_CHECKS.length);
  });

  it('hears a reason for every verb that is no action', () => {
    expect(Object.values(NO_ACTION).filter((reason) => reason.length < 20)).toEqual([]);
  });
});

describe('a link', () => {
  it('that leads nowhere is seen', () => {
    const planted = {
      name: 'docs/planted.md',
      text: '[a](nowhere.md) [b](errors.md#nothing) [c](errors.md#errors) `[d](x.md)`',
    };
    expect(brokenLinks(planted, tree)).toEqual(['nowhere.md', 'errors.md#nothing']);
  });
});
