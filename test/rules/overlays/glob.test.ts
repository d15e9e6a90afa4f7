import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitsGlob, fitsPathEnd } from '../../../src/rules/overlays/glob.ts';

describe('fitsGlob', () => {
  it.each([
    ['office-*', 'office-macro', true],
    ['office-*', 'my-office-macro', false],
    ['*', 'a', true],
    ['*', 'a/b', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['A/*.YAML', 'a/b.yaml', true],
    ['a/**', 'a/b/c.yaml', true],
    ['a/**', 'a', true],
    ['a/**/c.yaml', 'a/c.yaml', true],
    ['a/**/c.yaml', 'a/x/y/c.yaml', true],
    ['a/**/c.yaml', 'a/x/y/d.yaml', false],
    ['**', 'a/b/c', true],
    ['a[b]+(c)', 'a[b]+(c)', true],
    ['a*b*c', 'a1b2b3c', true],
    ['a*b*c', 'a1b2b3', false],
    ['', 'a', false],
  ])('%s on %s: %s', (pattern, text, fits) => {
    expect(fitsGlob(pattern, text)).toBe(fits);
  });

  it('agrees with a regular expression', () => {
    const name = fc.stringMatching(/^[ab]{0,5}$/);
    const pattern = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 6 }).map((all) => all.join(''));
    fc.assert(
      fc.property(
        pattern.filter((one) => one !== '**'),
        name,
        (one, text) => {
          const expected = new RegExp(`^${one.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);
          expect(fitsGlob(one, text)).toBe(expected);
        },
      ),
    );
  });

  it('takes many stars that fit nothing in its stride', () => {
    expect(fitsGlob(`${'a*'.repeat(100)}b`, 'a'.repeat(20_000))).toBe(false);
  });
});

describe('fitsPathEnd', () => {
  it.each([
    ['sentinel/*.yaml', '/repo/rules/sentinel/a.yaml', true],
    ['entinel/*.yaml', '/repo/rules/sentinel/a.yaml', false],
    ['a.yaml', 'rules/a.yaml', true],
    ['rules/**', 'rules/x/y.yaml', true],
    ['**/y.yaml', 'rules/x/y.yaml', true],
  ])('%s on %s: %s', (pattern, path, fits) => {
    expect(fitsPathEnd(pattern, path)).toBe(fits);
  });
});
