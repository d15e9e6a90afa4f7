import { describe, expect, it } from '@jest/globals';
import { parseMatcher } from '../../src/alerts/matchers.ts';
import { type Route, routeAlert, routeRule, wayOf } from '../../src/outbox/routes.ts';
import { sampleAlert } from '../targets/sample-alert.ts';

function routeOf(match: readonly string[], targets: readonly string[], goesOn = false): Route {
  const matchers = match.map((text) => {
    const parsed = parseMatcher(text);
    if (parsed.kind === 'problem') throw new Error(parsed.message);
    return parsed.matcher;
  });
  return { match: matchers, targets, continue: goesOn };
}

const HIGH = routeOf(['severity="high"'], ['pager']);
const LOW = routeOf(['severity="low"'], ['tickets']);
const ALL = routeOf([], ['archive']);

function way(routes: readonly Route[], own: readonly string[] | null = null, defaultTargets = ['soar']) {
  return routeAlert(sampleAlert({ severity: 'high' }), own, { routes, defaultTargets });
}

describe('the ways of a rule', () => {
  const known = new Map([
    ['severity', ['high']],
    ['tag', ['office', 'ps']],
  ]);
  const ways = (routes: readonly Route[], own: readonly string[] | null = null) =>
    routeRule(known, own, { routes, defaultTargets: ['soar'] }).map(({ target, because }) => `${target}: ${because}`);

  it('are those of the routes that hold for it, and of those that only an alert decides', () => {
    const byHost = routeOf(['severity="high"', 'entity.host=~"dc.*"'], ['dc-team']);
    expect(ways([LOW, byHost, HIGH, ALL])).toEqual([
      'dc-team: route 2 matches where entity.host=~"dc.*"',
      'pager: route 3 matches, and no route before it',
    ]);
    expect(ways([byHost])).toEqual([
      'dc-team: route 1 matches where entity.host=~"dc.*"',
      'soar: a default target, where no route matches',
    ]);
  });

  it('go on behind a route that says so, and end at one that is sure to match', () => {
    const both = routeOf(['tag="ps"', 'tag!="noisy"'], ['siem'], true);
    expect(ways([both])).toEqual(['siem: route 1 matches']);
    expect(ways([both, HIGH, ALL])).toEqual(['siem: route 1 matches', 'pager: route 2 matches']);
    expect(ways([LOW])).toEqual(['soar: a default target, as no route matches']);
  });

  it('are its own where it names some', () => {
    expect(ways([HIGH], ['own'])).toEqual(['own: the rule or an overlay names it']);
  });
});

describe('the way of an alert', () => {
  it('is that of the first route that matches', () => {
    expect(way([LOW, HIGH, ALL])).toEqual([{ target: 'pager', because: 'route 2 matches: severity="high"' }]);
  });

  it('goes on where a route says so, and takes each target once', () => {
    const both = routeOf(['kind="detection"'], ['pager', 'siem'], true);
    expect(way([both, HIGH, ALL]).map(({ target }) => target)).toEqual(['pager', 'siem']);
    expect(way([both, LOW, ALL]).map(({ target }) => target)).toEqual(['pager', 'siem', 'archive']);
    expect(way([both]).map(({ target }) => target)).toEqual(['pager', 'siem']);
  });

  it('is the default one where no route matches', () => {
    expect(way([LOW])).toEqual([{ target: 'soar', because: 'a default target, as no route matches' }]);
    expect(way([], null, [])).toEqual([]);
  });

  it('is the one that the rule names, whatever the routes say', () => {
    expect(way([HIGH], ['own', 'own'])).toEqual([{ target: 'own', because: 'the rule or an overlay names it' }]);
    expect(way([HIGH], [])).toEqual([]);
  });

  it('has the digest of the first route that names a target, and the first escalation of those that do', () => {
    const first = { ...ALL, continue: true, digestMs: 5 };
    const second = { ...ALL, continue: true, digestMs: 7, escalation: { everyMs: 9, targets: ['pager'] } };
    const third = { ...ALL, escalation: { everyMs: 1, targets: ['boss'] } };
    expect(way([first, second, third]).map(wayOf)).toEqual([
      { target: 'archive', digestMs: 5, escalation: second.escalation },
    ]);
    expect(way([{ ...ALL, continue: true }, second]).map(wayOf)).toEqual([
      { target: 'archive', escalation: second.escalation },
    ]);
  });

  it('names a route without matchers as one for everything', () => {
    expect(way([ALL])).toEqual([{ target: 'archive', because: 'route 1 matches: everything' }]);
  });
});

describe('what a target says of its alerts', () => {
  const escalation = { everyMs: 60_000, targets: ['boss'] };
  const targetWays = new Map([['soar', { digestMs: 3_600_000, escalation }]]);
  const ways = (own: readonly string[] | null, routes: readonly Route[], kind: 'detection' | 'health' = 'detection') =>
    routeAlert(sampleAlert({ severity: 'high', kind }), own, { routes, defaultTargets: ['soar'], targetWays }).map(
      wayOf,
    );
  const soar = { target: 'soar', digestMs: 3_600_000, escalation };

  it('holds for the targets of a rule, for default targets and for routes that say nothing of it', () => {
    expect(ways(['soar', 'siem'], [])).toEqual([soar, { target: 'siem' }]);
    expect(ways(null, [])).toEqual([soar]);
    expect(ways(null, [routeOf([], ['soar'])])).toEqual([soar]);
    expect(ways(null, [{ ...routeOf([], ['soar']), digestMs: 60_000 }])).toEqual([{ ...soar, digestMs: 60_000 }]);
  });

  it('does not hold for alerts about Huntwire itself, which may be about an outage', () => {
    expect(ways(null, [], 'health')).toEqual([{ target: 'soar' }]);
  });
});
