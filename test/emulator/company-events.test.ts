import { describe, expect, it } from '@jest/globals';
import { foundCompany, harmlessHour, plantAttacks } from '../../src/emulator/company/company.ts';
import { createCompanyEvents } from '../../src/emulator/company-events.ts';
import { createGrowingTable } from '../../src/emulator/growing-table.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/duration.ts';

const NOON = Date.parse('2026-03-03T12:00:00Z');
const COMPANY = foundCompany({ seed: 3, pace: 0.2 });
const NOTHING = new AbortController().signal;

async function countOf(events: ReturnType<typeof createCompanyEvents>): Promise<number> {
  const all = await Promise.all(Object.values(events.tables).map((table) => table.load(new Set(), NOTHING)));
  return all.reduce((sum, { rowCount }) => sum + rowCount, 0);
}

describe('the events of a company', () => {
  it('are those that have arrived, however the clock got there', async () => {
    const hours = [NOON, NOON + HOUR_MS, NOON + 2 * HOUR_MS];
    const until = NOON + 2 * HOUR_MS + 10 * MINUTE_MS;
    const expected = hours
      .flatMap((hour) => harmlessHour(COMPANY, hour))
      .filter((one) => one.arrivesAt <= until).length;
    const leap = createCompanyEvents({ company: COMPANY, attacks: [], since: NOON });
    leap.advance(until);
    expect(await countOf(leap)).toBe(expected);
    const walk = createCompanyEvents({ company: COMPANY, attacks: [], since: NOON });
    for (let now = NOON; now <= until; now += 7 * MINUTE_MS) walk.advance(now);
    walk.advance(until);
    expect(await countOf(walk)).toBe(expected);
    walk.advance(until);
    expect(await countOf(walk)).toBe(expected);
  });

  it('hold an attack from its arrival on', async () => {
    const attacks = plantAttacks(COMPANY, NOON).slice(-1);
    const first = Math.min(...attacks.flatMap((attack) => attack.arrivals.map((one) => one.arrivesAt)));
    const events = createCompanyEvents({ company: COMPANY, attacks, since: NOON + 24 * HOUR_MS });
    events.advance(first - 1);
    expect(await countOf(events)).toBe(0);
    events.advance(NOON + 23 * HOUR_MS);
    expect(await countOf(events)).toBe(attacks.flatMap((attack) => attack.arrivals).length);
  });

  it('come in order of arrival in every table', async () => {
    const events = createCompanyEvents({
      company: COMPANY,
      attacks: plantAttacks(COMPANY, NOON),
      since: NOON - HOUR_MS,
    });
    for (const now of [NOON, NOON + HOUR_MS, NOON + 12 * HOUR_MS]) events.advance(now);
    const data = await events.tables.DeviceProcessEvents?.load(new Set(), NOTHING);
    const arrivals = (data?.column('_ingested') ?? []) as readonly number[];
    expect(arrivals.length).toBeGreaterThan(100);
    expect([...arrivals].sort((one, other) => one - other)).toEqual(arrivals);
  });
});

describe('a growing table', () => {
  it('gives each reader the rows of its own time', async () => {
    const table = createGrowingTable([
      { name: 'Name', type: 'string' },
      { name: 'Size', type: 'long' },
    ]);
    table.append({ Name: 'a', Size: '1' });
    const before = await table.source.load(new Set(), NOTHING);
    expect(before.column('Size')).toEqual([1]);
    table.append({ Name: 'b' });
    const after = await table.source.load(new Set(), NOTHING);
    expect(before.column('Name')).toEqual(['a']);
    expect(before.column('Size')).toEqual([1]);
    expect(after.column('Size')).toEqual([1, null]);
    expect(after.column('Nowhere')).toBeNull();
    expect(after.column('constructor')).toBeNull();
  });
});
