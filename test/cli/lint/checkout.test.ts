import { describe, expect, it } from '@jest/globals';
import { checkoutOf } from '../../../src/cli/lint/checkout.ts';

describe('where GitHub counts paths from', () => {
  it.each([
    ['/srv/repo', '/srv/repo', '/srv/repo'],
    ['/srv/repo/rules', '/srv/repo', '/srv/repo'],
    ['/srv/repo2', '/srv/repo', '/srv/repo2'],
    ['/srv', '/srv/repo', '/srv'],
    ['/srv/repo', 'repo', '/srv/repo'],
    ['/srv/repo', undefined, '/srv/repo'],
  ])('of %s with a checkout in %s', (cwd, top, from) => {
    expect(checkoutOf({ cwd, env: { GITHUB_WORKSPACE: top } })).toBe(from);
  });
});
