import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/duration.ts';
import { load, problems } from './fake-plugins.ts';

const withRoutes = (...lines: readonly string[]) => `source: {api: graph}
auth: {clientId: c, tenantId: t, clientSecret: hush}
targets: {soar: {type: print}, pager: {type: print}}
routes:
${lines.map((line) => `  - {match: [], targets: [soar], ${line}}\n`).join('')}`;

describe('a target', () => {
  const withTargets = (soar: string) => `source: {api: graph}
auth: {clientId: c, tenantId: t, clientSecret: hush}
targets:
  soar: {type: print, ${soar}}
  pager: {type: print}
`;

  it('may have them, too', () => {
    const { targetWays } = load(withTargets('digest: {every: 1d}, escalate: {after: 5m, to: [pager]}'));
    const escalation = { everyMs: 5 * MINUTE_MS, targets: ['pager'] };
    expect([...targetWays]).toEqual([['soar', { digestMs: 24 * HOUR_MS, escalation }]]);
  });

  it('does not escalate to itself', () => {
    expect(problems(withTargets('escalate: {after: 5m, to: [soar, pagr]}'))).toEqual([
      '4:50 "soar" gets the alerts of this target already.',
      '4:56 There is no target "pagr". Did you mean "pager"?',
    ]);
  });
});

describe('a route', () => {
  it('may have a digest and an escalation', () => {
    const { routes } = load(withRoutes('digest: {every: 1h}', 'escalate: {after: 15m, to: [pager]}', 'continue: true'));
    expect(routes).toEqual([
      { match: [], targets: ['soar'], continue: false, digestMs: HOUR_MS },
      {
        match: [],
        targets: ['soar'],
        continue: false,
        escalation: { everyMs: 15 * MINUTE_MS, targets: ['pager'] },
      },
      { match: [], targets: ['soar'], continue: true },
    ]);
  });

  it('must escalate to other targets that there are, and in times that somebody can mean', () => {
    expect(
      problems(
        withRoutes(
          'digest: {every: 31d}',
          'digest: {every: 5s}',
          'escalate: {after: 8d, to: [pager]}',
          'escalate: {after: 5m, to: [soar, pagr]}',
          'escalate: {after: 5m}',
          'digest: {every: soon}',
        ),
      ),
    ).toEqual([
      expect.stringMatching(/^5:\d+ Write at least 1m and at most 30d\.$/),
      expect.stringMatching(/^6:\d+ Write at least 1m and at most 30d\.$/),
      expect.stringMatching(/^7:\d+ Write at least 1m and at most 7d\.$/),
      expect.stringMatching(/^8:\d+ "soar" gets the alerts of this route already\.$/),
      expect.stringMatching(/^8:\d+ There is no target "pagr"\. Did you mean "pager"\?$/),
      expect.stringMatching(/^9:\d+ .*"to"/),
      expect.stringMatching(/^10:\d+ /),
    ]);
  });
});
