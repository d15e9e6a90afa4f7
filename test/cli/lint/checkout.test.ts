import { describe, expect, it } from '@jest/globals';
import { checkoutOf } from '../../../src/cli/lint/checkout.ts';

describe('where GitHub counts paths from', () => {
  it.each([
    ['/work/repo', '/work/repo', '/work/repo'],
    ['/work/repo/rules', '/work/repo', '/work/repo'],
    ['/work/repo2', '/work/repo', '/work/repo2'],
    ['/work', '/work/repo', '/work'],
    ['/work/repo', 'repo', '/work/repo'],
    ['/work/repo', undefined, '/work/repo'],
  ])('of %s with a checkout in %s', (cwd, top, from) => {
    expect(checkoutOf({ cwd, env: { GITHUB_WORKSPACE: top } })).toBe(from);
  });
});
