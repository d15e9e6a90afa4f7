import { describe, expect, it } from '@jest/globals';
import { createHitCollector } from '../../../src/alerts/collect/hits.ts';
import { EVENT_COLUMNS, eventRow, makeRule, NOON } from '../samples.ts';

const MEGA = 1024 * 1024;

/** Hits of rows, one each, whose cells are given; `maxRunSize` as the collector takes it. */
function hitsOf(texts: readonly string[], maxRunSize?: number) {
  const options = { columns: EVENT_COLUMNS, logicalTime: NOON, ...(maxRunSize !== undefined && { maxRunSize }) };
  const collector = createHitCollector(makeRule(), options);
  for (const FileName of texts) collector.add(eventRow({ FileName }));
  return collector.finish({ complete: true }).hits;
}

/** What a row's other cells and its names count. */
const overhead = (() => {
  for (let size = 1; ; size += 1) if (hitsOf([''], size)[0]?.rows.length === 1) return size;
})();

describe('the rows that all hits of a run keep together', () => {
  it('fill the budget to its end, and then rows are counted only', () => {
    const texts = ['x'.repeat(100), 'x'.repeat(100), 'x'.repeat(101), ''];
    const hits = hitsOf(texts, 3 * overhead + 300);
    expect(hits.map(({ rows, rowsCut, rowCount }) => [rows.length, rowsCut, rowCount])).toEqual([
      [1, false, 1],
      [1, false, 1],
      [0, true, 1],
      [1, false, 1],
    ]);
  });

  it('are 256 Mi characters where nothing else is said', () => {
    const text = 'x'.repeat(16 * MEGA - overhead);
    const kept = (texts: readonly string[]) => hitsOf(texts).filter(({ rows }) => rows.length > 0).length;
    expect(kept(Array(17).fill(text))).toBe(16);
    expect(kept([`${text}x`, ...Array(16).fill(text)])).toBe(15);
  });
});

describe('the rows that one hit keeps', () => {
  const rule = makeRule({ alert: { per: 'run', evidence: 500 } });
  const keptOf = (sizes: readonly number[]) => {
    const collector = createHitCollector(rule, { columns: EVENT_COLUMNS, logicalTime: NOON });
    for (const size of sizes) collector.add(eventRow({ FileName: 'x'.repeat(size - overhead) }));
    const [hit] = collector.finish({ complete: true }).hits;
    return { rows: hit?.rows.length, cut: hit?.rowsCut };
  };

  it('have 64 Ki characters, to the last', () => {
    expect(keptOf([32 * 1024, 32 * 1024])).toEqual({ rows: 2, cut: false });
    expect(keptOf([32 * 1024, 32 * 1024 + 1])).toEqual({ rows: 1, cut: true });
    expect(keptOf([MEGA, overhead])).toEqual({ rows: 1, cut: true });
  });

  it('are 500 at most, whatever the rule says', () => {
    const many = makeRule({ alert: { per: 'run', evidence: 10_000 } });
    const collector = createHitCollector(many, { columns: EVENT_COLUMNS, logicalTime: NOON });
    for (let index = 0; index < 600; index += 1) collector.add({ ReportId: index });
    const [hit] = collector.finish({ complete: true }).hits;
    expect([hit?.rows.length, hit?.rowCount, hit?.rowsCut]).toEqual([500, 600, false]);
  });
});
