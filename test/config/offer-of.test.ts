import { expect, it } from '@jest/globals';
import { offerOf } from '../../src/config/operation/offer-of.ts';

function configOf(...tenants: (readonly [api: string, ...rules: string[]])[]) {
  const known = tenants.map(([api, ...rules]) => ({ name: api, rules, source: { api }, auth: null }));
  return { tenants: known as unknown as Parameters<typeof offerOf>[0]['tenants'] };
}

it('is what the source has that runs the rules of a file', () => {
  const config = configOf(['graph', '/r/a'], ['lake', '/r/b'], ['mde', '/r/c']);
  const [graph, lake, mde] = ['a', 'b', 'c'].map((folder) => offerOf(config, `/r/${folder}/x.yaml`));
  expect(graph).toMatchObject({ api: 'graph', isUnstamped: false, lacksDefenderFunctions: false, devicesOnly: false });
  expect(lake).toMatchObject({ api: 'lake', isUnstamped: true, lacksDefenderFunctions: true, devicesOnly: false });
  expect(mde).toMatchObject({ api: 'mde', devicesOnly: true, isUnstamped: false });
  expect((lake?.retentionMs ?? 0) > (graph?.retentionMs ?? 0)).toBe(true);
});

it('is what all of several lack, and the shortest memory', () => {
  const config = configOf(['lake', '/r'], ['loganalytics', '/r']);
  const offer = offerOf(config, '/r/x.yaml');
  expect(offer).toMatchObject({ isUnstamped: false, lacksDefenderFunctions: true, retentionMs: 90 * 86_400_000 });
  expect(offerOf(config, '/elsewhere/x.yaml')).toEqual(offer);
  expect(offerOf(configOf(), '/r/x.yaml')).toBeNull();
});
