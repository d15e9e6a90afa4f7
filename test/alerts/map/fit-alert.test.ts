import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_DEPTH } from '../../../src/alerts/cell.ts';
import { mapEvidence } from '../../../src/alerts/map/evidence.ts';
import { fitAlert, MAX_ALERT_BYTES } from '../../../src/alerts/map/fit-alert.ts';
import type { Cell } from '../../../src/sources/source.ts';
import { makeAlert } from '../samples.ts';

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const ignore = (): void => undefined;
const row = { a: 'x'.repeat(1000) };

describe('the size of an alert', () => {
  it('is 256 KB at most, to the byte', () => {
    const empty = bytesOf(makeAlert({ description: '' }));
    const largest = makeAlert({ description: 'x'.repeat(MAX_ALERT_BYTES - empty) });
    expect(bytesOf(largest)).toBe(256 * 1024);
    expect(fitAlert(largest)).toBe(largest);
    const larger = makeAlert({ description: `${largest.description}x` });
    expect(fitAlert(larger)).toMatchObject({ evidence: larger.evidence.slice(1), evidenceTruncated: true });
  });

  it('is measured wherever characters are written in many bytes, or lists hold nothing', () => {
    const text = fc
      .constantFrom('\u0001', '"', '€', '😀', '\\')
      .chain((one) => fc.integer({ min: 0, max: 400 }).map((count) => one.repeat(count)));
    const hollow = fc
      .integer({ min: 0, max: 800 })
      .chain((count) => fc.constantFrom<Cell[]>(Array(count).fill({}), Array(count).fill([]), Array(count).fill('')));
    const cell: fc.Arbitrary<Cell> = fc.oneof(text, hollow);
    fc.assert(
      fc.property(fc.array(fc.record({ a: cell, b: cell }), { maxLength: 4 }), (evidence) => {
        const fitted = fitAlert(makeAlert({ evidence }), 3000);
        expect(bytesOf(fitted)).toBeLessThanOrEqual(3000);
      }),
    );
  });

  it('is kept by giving up evidence first, then observables, mapping errors, entities and details', () => {
    const mappingErrors = [{ column: 'a', message: 'x'.repeat(100) }];
    const alert = makeAlert({ mappingErrors, evidence: [row] });
    const lists = ['evidence', 'observables', 'mappingErrors', 'entities'] as const;
    const seen = new Set<string>();
    const wrong: object[] = [];
    for (let maxBytes = bytesOf(alert) + 100; maxBytes > 500; maxBytes -= 1) {
      const fitted = fitAlert(alert, maxBytes);
      const emptied = lists.filter((list) => fitted[list]?.length === 0);
      const isFilled = Object.keys(fitted.details).length > 0;
      const isRight = isFilled ? bytesOf(fitted) <= maxBytes : emptied.length === lists.length;
      // In their order; an expectation takes longer than all of this, and there are thousands of sizes.
      if (!isRight || emptied.some((list, at) => list !== lists[at])) wrong.push({ maxBytes, emptied });
      seen.add(`${emptied.length} ${Object.keys(fitted.details).length}`);
    }
    expect(wrong).toEqual([]);
    expect([...seen]).toEqual(['0 1', '1 1', '2 1', '3 1', '4 1', '4 0']);
  });

  it('is kept where a rule of another product passes more on than an alert holds', () => {
    const origin = { format: 'detection-rule' as const, data: { responseActions: ['€'.repeat(100_000)] } };
    const fitted = fitAlert(makeAlert({ rule: { ...makeAlert().rule, origin } }));
    expect(bytesOf(fitted)).toBeLessThanOrEqual(MAX_ALERT_BYTES);
    expect(fitted.rule.origin).toEqual({ format: 'detection-rule', data: {} });
  });

  it('keeps as many rows of evidence as fit, to the byte', () => {
    const evidence = [row, row, row, row];
    const without = bytesOf(makeAlert({ evidence: [], evidenceTruncated: true }));
    const three = without + 3 * (bytesOf(row) + 1);
    expect(fitAlert(makeAlert({ evidence }), three).evidence).toHaveLength(3);
    expect(fitAlert(makeAlert({ evidence }), three - 1).evidence).toHaveLength(2);
  });
});

describe('evidence', () => {
  it('is 64 KB at most, to the byte', () => {
    const rows = Array.from({ length: 64 }, () => ({ a: 'x'.repeat(1024 - '{"a":""},'.length) }));
    expect(mapEvidence(rows, 500, ignore)).toEqual({ rows, truncated: false });
    const longer = rows.map((one, index) => (index === 63 ? { a: `${one.a}xx` } : one));
    expect(mapEvidence(longer, 500, ignore)).toEqual({ rows: rows.slice(0, 63), truncated: true });
  });

  it.each([
    ['empty bags', {}],
    ['empty lists', []],
    ['empty texts', ''],
    ['control characters', '\u0001'.repeat(10)],
  ])('that is made of %s is measured too', (_name, item: Cell) => {
    const rows = Array.from({ length: 60 }, () => ({ a: Array<Cell>(800).fill(item) }));
    const { rows: kept } = mapEvidence(rows, 500, ignore);
    expect(bytesOf(kept)).toBeLessThanOrEqual(64 * 1024);
  });

  it('that lies as deep as a cell may go is measured too', () => {
    let cell: Cell = Array<Cell>(2000).fill(1);
    for (let depth = 1; depth < MAX_DEPTH; depth += 1) cell = [cell];
    const rows = Array.from({ length: 40 }, () => ({ a: cell }));
    expect(bytesOf(mapEvidence(rows, 500, ignore).rows)).toBeLessThanOrEqual(64 * 1024);
  });

  it('is no more rows than are wanted, and leaving out what was not wanted is no loss', () => {
    expect(mapEvidence([row, row, row], 2, ignore)).toEqual({ rows: [row, row], truncated: false });
  });

  it('cuts the cells of a first row that is too large, harder and harder, and those of no other', () => {
    const wide = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, 'x'.repeat(20_000)]));
    const longest = (count: number, rows = [wide(count)]) => {
      const { rows: kept } = mapEvidence(rows, 20, ignore);
      return kept.map((one) => String(one.c0).length);
    };
    expect(longest(3)).toEqual([16_384]);
    expect(longest(4)).toEqual([1024]);
    expect(longest(100)).toEqual([128]);
    expect(longest(600)).toEqual([]);
    expect(mapEvidence([{ a: 1 }, wide(4)], 20, ignore)).toEqual({ rows: [{ a: 1 }], truncated: true });
  });

  it('notes the cuts of the row as it is kept, once', () => {
    const notes: string[] = [];
    mapEvidence([{ a: 'x'.repeat(20_000) }], 20, (column, message) => notes.push(`${column}: ${message}`));
    expect(notes).toEqual(['a: 20000 characters were cut to 16384.']);
  });
});
