import { describe, expect, it } from '@jest/globals';
import { createLaterCache, createMemoryCache } from '../../src/lib/cache.ts';

describe('a cache whose place is not known yet', () => {
  it('keeps answers itself, and hands them over to the place that it is joined to', async () => {
    const later = createLaterCache();
    await later.set('one', '1');
    expect([await later.get('one'), await later.get('two')]).toEqual(['1', null]);
    const place = createMemoryCache();
    await place.set('two', '2');
    await later.join(place);
    await later.set('three', '3');
    expect([await place.get('one'), await place.get('three')]).toEqual(['1', '3']);
    expect([await later.get('one'), await later.get('two'), await later.get('three')]).toEqual(['1', '2', '3']);
    later.forget();
    expect(await later.get('one')).toBe('1');
  });
});
