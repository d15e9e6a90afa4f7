import { describe, expect, it } from '@jest/globals';
import { createHitCollector } from '../../src/alerts/collect/hits.ts';
import { createAlertMapper } from '../../src/alerts/map/map-alert.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { createRowNormalizer } from '../../src/sources/decode/normalize-row.ts';
import { parseLossless } from '../../src/sources/decode/parse-lossless.ts';
import { makeRule as makeRunRule } from '../run/make-rule.ts';
import { COLUMNS, GRAPH_ROW, LEGACY_ROW, LEGACY_TEXT_ROW, SCHEMA } from '../sources/encodings.ts';
import { decideOn, makeContext, NOON } from './samples.ts';

/** Ids and dedup keys of what one run tells of a row as an API writes it, and of a second row with another number. */
function idsOf(rule: RunnableRule, text: string): readonly (readonly string[])[] {
  const normalizer = createRowNormalizer(SCHEMA.map(([name, type]) => ({ name, type })));
  const collector = createHitCollector(rule, { columns: COLUMNS, logicalTime: NOON });
  for (const row of [text, text.replaceAll('639199803770463703', '639199803770463704')])
    collector.add(normalizer.normalize(parseLossless(row) as Record<string, unknown>));
  const decision = decideOn(rule, collector.finish({ complete: true }));
  return decision.told.map(createAlertMapper(makeContext(rule))).map((alert) => [alert.id, alert.dedupKey]);
}

describe('the same rows on the three APIs', () => {
  const alert = { ...makeRunRule().alert, dedupColumns: ['Publisher', 'Name'] };
  const event = { kind: 'event', columns: ['Timestamp', 'ReportId'] } as const;
  const set = { effectiveShape: 'set', lookbackMs: 3_600_000 } as const;
  it.each([
    ['a stream known by its event', makeRunRule({}, { identity: event }), 2],
    ['a stream known by the whole row', makeRunRule(), 2],
    ['a stream whose rows are merged', makeRunRule({ alert }, { identity: event }), 1],
    [
      'a set',
      makeRunRule(set, { shape: 'set', identity: { kind: 'columns', columns: ['Permissions', 'ReportId'] } }),
      2,
    ],
    ['a set whose rows are merged', makeRunRule({ ...set, alert }, { shape: 'set', identity: event }), 1],
    ['a run', makeRunRule({ alert: { ...makeRunRule().alert, per: 'run' } }), 1],
  ])('give the same ids: %s', (_, rule, count) => {
    const graph = idsOf(rule, GRAPH_ROW);
    expect(new Set(graph.map(([id]) => id)).size).toBe(count);
    expect(idsOf(rule, LEGACY_ROW)).toEqual(graph);
    expect(idsOf(rule, LEGACY_TEXT_ROW)).toEqual(graph);
  });
});
