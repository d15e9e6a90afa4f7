import { expect, it } from '@jest/globals';
import { createMemoryCache } from '../../../src/lib/cache.ts';
import { dayPriceText, pricesOf } from '../../../src/run/plan/price.ts';
import { noteScanned, scannedByRule } from '../../../src/run/plan/scanned.ts';

const RULE = { tenant: 'contoso', ruleId: 'a', hash: 'h' };

it('the mean of the last runs is kept by rule, and forgotten when the rule is another', async () => {
  const cache = createMemoryCache();
  const kept = async (hash = 'h') => (await scannedByRule({ cache }, 'contoso', [{ id: 'a', hash }])).get('a');
  expect(await kept()).toBeUndefined();
  for (const bytes of [100, 300]) await noteScanned(cache, RULE, bytes);
  expect(await kept()).toBe(200);
  expect(await kept('other')).toBeUndefined();
  for (let run = 0; run < 100; run++) await noteScanned(cache, RULE, 1000);
  expect(await kept()).toBeGreaterThan(700);
  await noteScanned(cache, { ...RULE, hash: 'other' }, 5);
  expect([await kept('other'), await kept()]).toEqual([5, undefined]);
});

it('what hardly changes a mean of many runs is not written down', async () => {
  const cache = createMemoryCache();
  let writes = 0;
  const counting = {
    get: cache.get,
    set: (key: string, value: string) => cache.set(key, value).finally(() => writes++),
  };
  for (let run = 0; run < 50; run++) await noteScanned(counting, RULE, 1000);
  expect(writes).toBe(16);
  // What goes on to differ is taken in.
  for (let run = 0; run < 100; run++) await noteScanned(counting, RULE, 1200);
  const mean = (await scannedByRule({ cache }, 'contoso', [{ id: 'a', hash: 'h' }])).get('a') ?? 0;
  expect(mean).toBeGreaterThan(1200 * (1 - 1 / 12));
});

it('prices go by what was measured, the dearest first', () => {
  const costs = ['a', 'b', 'c'].map((ruleId, index) => ({ ruleId, calls: 100 - index }));
  const prices =
    pricesOf(
      costs,
      0.01,
      new Map([
        ['b', 5e9],
        ['c', 2e6],
      ]),
    ) ?? [];
  expect(prices.map((price) => `${price.rule}: ${dayPriceText(price)}`)).toEqual([
    'b: 4.95 a day, at 5 GB that a run read',
    'c: 0.002 a day, at 2 MB that a run read',
    'a: 1 a day for each GB that one run reads',
  ]);
  expect(pricesOf(costs, null)).toBeNull();
});
