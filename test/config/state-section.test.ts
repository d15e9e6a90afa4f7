import { describe, expect, it } from '@jest/globals';
import { load, problems } from './fake-plugins.ts';

const withState = (state: string) => `source: {api: graph}
auth: {clientId: c, tenantId: t, clientSecret: hush}
state: ${state}
`;

describe('state', () => {
  it('is a file, or a database whose address is a secret', () => {
    expect(load(withState('{path: s.db}')).state).toEqual({ path: '/etc/huntwire/s.db' });
    expect(load(withState('{}')).state).toEqual({ path: '/etc/huntwire/data/huntwire.db' });
    const { state } = load(withState('{url: "postgres://u:canary@db/alerts"}'));
    expect(JSON.stringify(state)).not.toContain('canary');
    expect('url' in state && state.url.reveal()).toBe('postgres://u:canary@db/alerts');
  });

  it.each([
    ['{path: s.db, url: "postgres://u@db/alerts"}', 'give either path or url'],
    ['{url: "mysql://u@db/alerts"}', 'postgres://USER:PASSWORD@HOST:PORT/DATABASE'],
  ])('refuses %s', (section, why) => {
    expect(problems(withState(section)).join('\n')).toContain(why);
  });
});
