import { describe, expect, it } from '@jest/globals';
import { zonedTime } from '../../../src/cli/explain/zoned-time.ts';

describe('a time on the clocks of a zone', () => {
  it.each([
    ['2026-01-31T08:00:05.123Z', 'UTC', '2026-01-31 08:00:05Z'],
    ['2026-01-31T08:00:05Z', 'Europe/Berlin', '2026-01-31 09:00:05 +01:00'],
    ['2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25 02:30:00 +02:00'],
    ['2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-25 02:30:00 +01:00'],
    ['2026-01-31T08:00:00Z', 'Asia/Kathmandu', '2026-01-31 13:45:00 +05:45'],
    ['2026-01-31T08:00:00Z', 'Europe/London', '2026-01-31 08:00:00 +00:00'],
  ])('says the offset: %s in %s', (time, zone, text) => expect(zonedTime(time, zone)).toBe(text));
});
