import { describe, expect, it } from '@jest/globals';
import { OPERATOR_FUNCTIONS } from '../../../src/engine/functions/operators.ts';
import { SCALAR_FUNCTIONS } from '../../../src/engine/functions/registry.ts';
import type { EvaluationContext } from '../../../src/engine/value.ts';
import { SCALAR_TYPES } from '../../../src/kql/types.ts';

const CONTEXT: EvaluationContext = { now: 0, random: () => 0.5, spend: () => undefined, tick: () => undefined };

/** What ends a query by what it is given: a condition that does not hold, a pattern without a group. */
const REFUSING: ReadonlySet<string> = new Set(['assert', 'extract_all', 'extractall']);

describe('the registries', () => {
  it('hold each function under its own name', () => {
    for (const [name, entry] of [...SCALAR_FUNCTIONS, ...OPERATOR_FUNCTIONS]) expect(entry.name).toBe(name);
    expect(SCALAR_FUNCTIONS.size).toBeGreaterThan(200);
  });

  it('refuse what must not be guessed', () => {
    for (const name of ['cursor_current', 'ai_embed_text', 'extent_id']) {
      expect(SCALAR_FUNCTIONS.has(name)).toBe(false);
    }
    expect(SCALAR_FUNCTIONS.get('hash')?.bind(['int'], 'long', [], CONTEXT)).toBeNull();
  });

  it('bear nulls of every type in every place', () => {
    let calls = 0;
    for (const entry of SCALAR_FUNCTIONS.values()) {
      if (REFUSING.has(entry.name)) continue;
      for (const type of SCALAR_TYPES) {
        for (const count of [1, 2, 3]) {
          const call = entry.bind(new Array<string>(count).fill(type), 'dynamic', [], CONTEXT);
          if (!call) continue;
          calls += 1;
          const nothing = type === 'string' ? '' : null;
          expect(() => call(...new Array<null | ''>(count).fill(nothing))).not.toThrow();
        }
      }
    }
    expect(calls).toBeGreaterThan(1000);
  });
});
