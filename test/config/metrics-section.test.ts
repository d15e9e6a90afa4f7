import { describe, expect, it } from '@jest/globals';
import { load, problems } from './fake-plugins.ts';

const withMetrics = (metrics: string) => `source: {api: graph}
auth: {clientId: c, tenantId: t, clientSecret: hush}
metrics: ${metrics}
`;

describe('metrics', () => {
  it('names a receiver, how often, and headers that are secrets', () => {
    const { metrics } = load(withMetrics('{otlp: "https://c.example:4318", headers: {x-key: canary-of-a-key}}'));
    expect(metrics).toMatchObject({ url: 'https://c.example:4318', everyMs: 60_000 });
    expect([JSON.stringify(metrics).includes('canary'), metrics?.headers['x-key']?.reveal()]).toEqual([
      false,
      'canary-of-a-key',
    ]);
  });

  it.each([
    ['{otlp: "ftp://c.example"}', 'begins with https:// or http://'],
    ['{otlp: "https://u:p@c.example"}', 'must not carry a user or password'],
    ['{otlp: "http://c.example", headers: {k: v}}', 'must begin with https://'],
    ['{otlp: "http://c.example", every: 1s}', '"1s" is out of bounds: write 5s to 1h.'],
    ['{every: 1m}', 'otlp'],
  ])('refuses %s', (section, why) => {
    expect(problems(withMetrics(section)).join('\n')).toContain(why);
  });
});
