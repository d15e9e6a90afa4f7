import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Alert, AlertEntity } from '../../../src/alerts/alert.ts';
import { createAlertWriter } from '../../../src/alerts/map/alert-writer.ts';
import { createAlertMapper } from '../../../src/alerts/map/map-alert.ts';
import { validateAlert } from '../../../src/alerts/map/validate-alert.ts';
import type { ToldHit } from '../../../src/alerts/told-hit.ts';
import { takenBytes } from '../../../src/lib/json/foreseen-bytes.ts';
import type { Cell, Row } from '../../../src/sources/source.ts';
import { anyCharacter } from '../../any-character.ts';
import { eventRow, makeContext, makeRule } from '../samples.ts';

const text = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 30 }),
  fc.constantFrom('pc1.contoso.example', 'C:\\Windows\\System32', '"a" \t€ 😀', '', 'x'.repeat(5000)),
);
const cell: fc.Arbitrary<Cell> = fc.oneof(
  text,
  text,
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant({ a: ['b'] }),
);
const name = fc.constantFrom(
  'DeviceName',
  'AccountName',
  'FileName',
  'ProcessCommandLine',
  'RemoteIP',
  '2',
  '__proto__',
  'ü"',
);
const row = fc.dictionary(name, cell);

const toldOf = (row: Row): ToldHit => {
  const key = '0'.repeat(32);
  const hit = { per: 'row', key, dedupKey: key, rowKeys: [], rows: [row], rowCount: 1, rowsCut: false } as const;
  return { dedupKey: key, hits: [{ ...hit, severity: 'high', firstSeen: null, lastSeen: null }], held: {} };
};
const BASE = createAlertMapper(makeContext(makeRule()))(toldOf(eventRow()));

/** Whether the schema takes it. */
function isValid(alert: Alert): boolean {
  try {
    validateAlert(alert);
    return true;
  } catch {
    return false;
  }
}

/** Null where the writer leaves it to others. */
function writtenText(alert: Alert): string | null {
  return createAlertWriter(BASE)(alert) ? takenBytes(alert).toString() : null;
}

describe('the writer of alerts', () => {
  it('writes a usual alert', () => {
    const alert = { ...BASE, title: 'Another "one"' };
    expect(writtenText(alert)).toBe(JSON.stringify(alert));
  });

  it('writes what JSON.stringify writes, and nothing that breaks the schema', () => {
    const entity = fc
      .record({ type: fc.constantFrom('host', 'process', 'none'), fields: fc.dictionary(name, cell) })
      .map(({ type, fields }) => ({ ...fields, type }) as AlertEntity);
    const parts: fc.Arbitrary<Partial<Alert>> = fc.record(
      {
        title: text,
        description: text,
        severity: fc.constantFrom('high', 'none' as 'low'),
        firstSeen: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T00:00:00.1234567Z', 'today'),
        lastSeen: fc.constantFrom('2026-01-01T00:00:00Z', 'later'),
        rowCount: fc.constantFrom(1, 1000, -1, 0.5),
        entities: fc.array(entity, { maxLength: 4 }),
        observables: fc.array(fc.record({ type: text, value: text }), { maxLength: 4 }),
        details: fc.dictionary(name, cell),
        evidence: fc.array(row, { maxLength: 3 }),
        dedupKey: fc.constantFrom('0'.repeat(32), 'X'.repeat(32)),
        suppressedCount: fc.constantFrom(0, 3, -1),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(parts, (changes) => {
        const alert: Alert = { ...BASE, ...changes };
        const written = writtenText(alert);
        if (written === null) return;
        expect(written).toBe(JSON.stringify(alert));
        expect(isValid(alert)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each<Partial<Alert>>([
    { entities: Array<AlertEntity>(101).fill({ type: 'host', name: 'a' }) },
    { entities: [{ type: 'host', name: null }] },
    { observables: Array<Alert['observables'][number]>(201).fill({ type: 'ip', value: '::1' }) },
    { evidence: Array<Row>(501).fill({}) },
    { evidence: [{ a: 'x'.repeat(30_000) }] },
    { evidence: [{ a: [1] }] },
    { suppressed: { quiet: 1 } },
    { mappingErrors: [] },
    { evidenceTruncated: true },
  ])('leaves to others what is rare: %#', (changes) => {
    expect(writtenText({ ...BASE, ...changes })).toBeNull();
  });

  it('is the one that a mapper uses behind its first alert', () => {
    const map = createAlertMapper(makeContext(makeRule()));
    fc.assert(
      fc.property(row, (one) => {
        const alert = map(toldOf(one));
        expect(takenBytes(alert).toString()).toBe(JSON.stringify(alert));
        expect(isValid(alert)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
