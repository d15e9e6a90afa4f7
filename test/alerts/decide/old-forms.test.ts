import { describe, expect, it } from '@jest/globals';
import { createHitCollector } from '../../../src/alerts/collect/hits.ts';
import { createRowKeyer } from '../../../src/alerts/collect/row-key.ts';
import { keysToFind } from '../../../src/alerts/decide/decide.ts';
import { withOldForms } from '../../../src/alerts/decide/old-forms.ts';
import type { KeyMemory } from '../../../src/alerts/memory.ts';
import { decideOn, EVENT_COLUMNS, eventRow, makeRule } from '../samples.ts';

const WHOLE = { kind: 'row' } as const;
const LOST = { kind: 'columns', columns: ['NotThere'] } as const;

function memoryOf(key: string, over: Partial<KeyMemory> = {}): KeyMemory {
  const blank = { toldBefore: [], heldTo: null, heldNewest: null, heldBefore: [], lastReturned: 1 };
  return { key, state: 'told', toldTo: 5, ...blank, ...over };
}

function collected(rows: readonly ReturnType<typeof eventRow>[]) {
  const collector = createHitCollector(makeRule(), {
    columns: EVENT_COLUMNS,
    logicalTime: 0,
    oldForms: [WHOLE, LOST],
  });
  for (const row of rows) collector.add(row);
  return collector.finish({ complete: true });
}

describe('keys of an earlier form', () => {
  const row = eventRow();
  const old = createRowKeyer(WHOLE, EVENT_COLUMNS)(row);

  it('are asked for beside the present ones, where the result can give them', () => {
    const found = collected([row]);
    const [hit] = found.hits;
    expect([...keysToFind(found)].sort()).toEqual([hit?.key, old].sort());
  });

  it('make a hit known, which is recorded under its new key', () => {
    const found = collected([row]);
    const known = withOldForms(new Map([[old, memoryOf(old)]]), found);
    const decision = decideOn(makeRule(), found, { known });
    expect(decision).toMatchObject({ told: [], suppressed: { duplicate: 1 } });
    expect(decision.keys).toEqual([expect.objectContaining({ key: found.hits[0]?.key, state: 'told', toldTo: 5 })]);
  });

  it('yield to the present one, and to the one of them that was told last', () => {
    const other = { ...row, FileName: 'other.exe' };
    const otherKey = createRowKeyer(WHOLE, EVENT_COLUMNS)(other);
    const found = collected([row, other]);
    const key = found.hits[0]?.key ?? '';
    const olds = [memoryOf(old), memoryOf(otherKey, { toldTo: 9 })].map((one) => [one.key, one] as const);
    expect(withOldForms(new Map(olds), found).get(key)).toMatchObject({ key, toldTo: 9 });
    const present = memoryOf(key, { toldTo: 7 });
    expect(withOldForms(new Map([...olds, [key, present]]), found).get(key)).toBe(present);
  });
});
