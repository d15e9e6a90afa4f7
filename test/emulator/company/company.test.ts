import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  carries,
  companyRows,
  foundCompany,
  harmlessHour,
  plantAttacks,
} from '../../../src/emulator/company/company.ts';
import { coercionOf } from '../../../src/engine/data/coerce.ts';
import { columnsOfTable } from '../../../src/kql/defender.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/duration.ts';
import { tries } from '../../tries.ts';

const NOON = Date.parse('2026-03-03T12:00:00Z');
const NIGHT = Date.parse('2026-03-03T02:00:00Z');
const COMPANY = foundCompany({ seed: 7 });

function timeOf(row: Readonly<Record<string, unknown>>): number {
  return Date.parse(String(row.Timestamp));
}

describe('a company', () => {
  it('is the same for the same seed, and another for another', () => {
    const again = foundCompany({ seed: 7 });
    expect(again.staff).toEqual(COMPANY.staff);
    expect(harmlessHour(again, NOON)).toEqual(harmlessHour(COMPANY, NOON));
    expect(plantAttacks(again, NOON)).toEqual(plantAttacks(COMPANY, NOON));
    const other = foundCompany({ seed: 8 });
    expect(other.staff.devices[0]?.id).not.toBe(COMPANY.staff.devices[0]?.id);
    expect(harmlessHour(other, NOON)).not.toEqual(harmlessHour(COMPANY, NOON));
  });

  it('gives everybody an own name, account, object and client, however many there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.nat(), (people, seed) => {
        const { staff } = foundCompany({ seed, people });
        for (const pick of ['displayName', 'account', 'upn', 'objectId', 'sid'] as const)
          expect(new Set(staff.people.map((person) => person[pick])).size).toBe(people);
        expect(new Set(staff.devices.map((device) => device.name)).size).toBe(staff.devices.length);
        expect(staff.people.every((person) => staff.devices.some((device) => device.owner === person))).toBe(true);
      }),
      { numRuns: tries(4, 10) },
    );
  });

  it('has some thousand rows in a working hour, fewer at night, and more or fewer as asked', () => {
    const busy = harmlessHour(COMPANY, NOON).length;
    expect(busy).toBeGreaterThan(1500);
    expect(busy).toBeLessThan(4000);
    expect(harmlessHour(COMPANY, NIGHT).length).toBeLessThan(busy * 0.7);
    expect(harmlessHour(foundCompany({ seed: 7, pace: 0.1 }), NOON).length).toBeLessThan(busy * 0.4);
  });

  it('makes the rows of an hour whatever hours were made before', () => {
    const rows = companyRows(COMPANY, NOON - HOUR_MS, NOON + HOUR_MS);
    const count = Object.values(rows).flat().length;
    expect(count).toBe(harmlessHour(COMPANY, NOON - HOUR_MS).length + harmlessHour(COMPANY, NOON).length);
  });
});

describe('rows', () => {
  const tables = companyRows(COMPANY, NIGHT, NIGHT + HOUR_MS, plantAttacks(COMPANY, NIGHT));
  const day = companyRows(COMPANY, NOON, NOON + 3 * HOUR_MS, plantAttacks(COMPANY, NOON));

  it('have only columns of the Defender schema, with values of their types', () => {
    const wrong = Object.entries({ ...tables, ...day }).flatMap(([table, rows]) => {
      const types = new Map((columnsOfTable(table) ?? []).map((column) => [column.name, column.type]));
      return rows.flatMap((row) =>
        Object.entries(row)
          .filter(([name, value]) => name !== '_ingested' && !fits(types.get(name), value))
          .map(([name, value]) => `${table}.${name}: ${String(value)}`),
      );
    });
    expect(wrong).toEqual([]);
    expect(Object.keys(day).length).toBeGreaterThanOrEqual(11);
  });

  it('arrive minutes after the event, some hours late, some twice, and in order of arrival', () => {
    const rows = Object.values(day).flat();
    const delays = rows.map((row) => Date.parse(String(row._ingested)) - timeOf(row));
    expect(Math.min(...delays)).toBeGreaterThan(0);
    const late = delays.filter((delay) => delay > HOUR_MS).length;
    expect(late / rows.length).toBeGreaterThan(0.002);
    expect(late / rows.length).toBeLessThan(0.03);
    const bodies = rows.map(({ _ingested: _, ...row }) => JSON.stringify(row));
    expect(new Set(bodies).size).toBeLessThan(bodies.length);
    const arrivals = (day.DeviceProcessEvents ?? []).map((row) => String(row._ingested));
    expect(arrivals).toEqual([...arrivals].sort());
  });
});

function fits(type: string | undefined, value: unknown): boolean {
  if (type === undefined || value === undefined) return false;
  if (type === 'string') return typeof value === 'string';
  if (type === 'bool') return typeof value === 'boolean';
  if (type === 'dynamic') return typeof value === 'object';
  return coercionOf(type as 'long')(value) !== null;
}

describe('planted attacks', () => {
  const attacks = plantAttacks(COMPANY, NOON);

  it('have a name and a story each, happen about the moment, and are marked in their own rows only', () => {
    expect(new Set(attacks.map((attack) => attack.name)).size).toBe(attacks.length);
    const harmless = [NOON - HOUR_MS, NOON].flatMap((hour) => harmlessHour(COMPANY, hour));
    for (const attack of attacks) {
      expect(attack.story).toMatch(/\.$/);
      expect(Math.abs(attack.at - NOON)).toBeLessThanOrEqual(30 * MINUTE_MS);
      const own = attack.arrivals.filter(({ row }) => attack.marks.some((mark) => carries(row, mark)));
      expect(own.length).toBeGreaterThanOrEqual(attack.marks.length);
      const others = attacks.filter((other) => other !== attack).flatMap((other) => other.arrivals);
      const foreign = [...others, ...harmless].filter(({ row }) => attack.marks.some((mark) => carries(row, mark)));
      expect(foreign).toEqual([]);
    }
  });

  it('tell when the last row that shows them has arrived', () => {
    for (const attack of attacks) {
      const shown = attack.arrivals.filter(({ row }) => attack.marks.some((mark) => carries(row, mark)));
      expect(attack.arrivedAt).toBe(Math.max(attack.at, ...shown.map((arrival) => arrival.arrivesAt)));
    }
  });

  it('hold events that come hours late and events that come twice', () => {
    const delays = attacks.flatMap((attack) =>
      attack.arrivals.map(({ arrivesAt, row }) => ({ delay: arrivesAt - timeOf(row), row })),
    );
    expect(delays.some(({ delay }) => delay > 4 * HOUR_MS)).toBe(true);
  });
});

describe('a mark', () => {
  it('is carried by a row with all its values, numbers or digits, own columns only', () => {
    const mark = { DeviceId: 'd', ReportId: 12 };
    expect(carries({ DeviceId: 'd', ReportId: '12', More: 1 }, mark)).toBe(true);
    expect(carries({ DeviceId: 'd', ReportId: 13 }, mark)).toBe(false);
    expect(carries({ DeviceId: 'd' }, mark)).toBe(false);
    expect(carries({}, { toString: 'x' })).toBe(false);
  });
});
