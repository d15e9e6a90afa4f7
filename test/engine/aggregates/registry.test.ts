import { describe, expect, it } from '@jest/globals';
import { AGGREGATES } from '../../../src/engine/aggregates/registry.ts';
import type { Aggregation, EvaluationContext } from '../../../src/engine/value.ts';
import { SCALAR_TYPES } from '../../../src/kql/types.ts';

const CONTEXT: EvaluationContext = { now: 0, random: () => 0.5, spend: () => undefined, tick: () => undefined };

describe('the registry of aggregates', () => {
  it('holds each aggregate under its own name', () => {
    for (const [name, entry] of AGGREGATES) expect(entry.name).toBe(name);
    expect(AGGREGATES.size).toBeGreaterThan(40);
  });

  it('refuses what it does not know', () => {
    for (const name of ['unheard_of', 'nothing']) expect(AGGREGATES.has(name)).toBe(false);
  });

  it('bears nulls of every type', () => {
    let runs = 0;
    for (const entry of AGGREGATES.values()) {
      for (const type of SCALAR_TYPES) {
        const types = [type, 'bool', 'bool'].slice(0, entry.name.startsWith('covariance') ? 3 : 2);
        const steps = entry.bind(types, type, [undefined, 50, 50], CONTEXT) as Aggregation | null;
        if (!steps) continue;
        runs += 1;
        const state = steps.add(steps.start(), [type === 'string' ? '' : null, null, null]);
        expect(() => steps.finish(state)).not.toThrow();
      }
    }
    expect(runs).toBeGreaterThan(100);
  });
});
