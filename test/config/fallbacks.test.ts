import { describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../src/lib/duration.ts';
import { load, problems } from './fake-plugins.ts';

const SINGLE = 'source: {api: graph}\nauth: {clientId: c, tenantId: t, clientSecret: hush}\n';
const withTargets = (...lines: readonly string[]) =>
  `${SINGLE}targets:\n${lines.map((line) => `  ${line}\n`).join('')}`;

describe('fallback', () => {
  it('is a key of every target, with ten minutes where nothing is said', () => {
    const config = load(
      withTargets(
        'soar: {type: hook, url: "https://x", fallback: {target: out}}',
        'out: {type: print, fallback: {target: last, after: 1h30m}}',
        'last: {type: print}',
      ),
    );
    expect([...config.fallbacks]).toEqual([
      ['soar', { target: 'out', afterMs: 10 * MINUTE_MS }],
      ['out', { target: 'last', afterMs: 90 * MINUTE_MS }],
    ]);
  });

  it('must be another target, within three days, and no circle', () => {
    const found = problems(
      withTargets(
        'a: {type: print, fallback: {target: b}}',
        'b: {type: print, fallback: {target: c}}',
        'c: {type: print, fallback: {target: a}}',
        'd: {type: print, fallback: {target: d}}',
        'e: {type: print, fallback: {target: out}}',
        'f: {type: print, fallback: {target: a, after: 4d}}',
        'g: {type: print, fallback: {target: a}}',
        'h: {type: print, fallback: {after: 4m}}',
      ),
    );
    expect(found).toEqual([
      '4:39 Fallbacks go round in a circle: a, b, c, a. With all of them down an alert would go nowhere.',
      '7:39 Fallbacks go round in a circle: d, d. With all of them down an alert would go nowhere.',
      expect.stringContaining('8:39 There is no target "out".'),
      '9:49 Write at most 3d.',
      expect.stringContaining('The key "target" is missing'),
    ]);
  });
});
