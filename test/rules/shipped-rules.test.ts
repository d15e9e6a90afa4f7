import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createAnalyst } from '../../src/kql/analyst.ts';
import { lintRules } from '../../src/rules/lint/lint-rules.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { type PreparedRules, prepareRules } from '../../src/rules/prepare-rules.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import { testRule } from '../../src/trial/test-rule.ts';

const folder = resolve(import.meta.dirname, '../../rules');
let prepared: PreparedRules = { rules: [], problems: [], refusals: [], refused: new Map(), subjects: [] };

beforeAll(async () => {
  const { rules, problems } = await loadRules([folder]);
  expect(problems).toEqual([]);
  prepared = await prepareRules(rules, createAnalyst({ form: 'in-process' }));
});

describe('the shipped rules', () => {
  it('can run, in several shapes', () => {
    expect(prepared.problems).toEqual([]);
    const sets = prepared.rules.filter((rule) => rule.effectiveShape === 'set');
    expect([prepared.rules.length, sets.map((rule) => rule.id)]).toEqual([6, ['password-spray-against-entra-id']]);
  });

  it('give lint nothing to say', () => {
    expect(lintRules(prepared.subjects, { now: Date.UTC(2026, 0, 1), retentionMs: 30 * 86_400_000 })).toEqual([]);
  });

  it('pass their own tests', async () => {
    const results = prepared.rules.flatMap((rule) =>
      rule.tests.map((test) => testRule(rule, test, { openStore: (clock) => openMemoryStore({ clock }) })),
    );
    const failed = (await Promise.all(results)).filter((result) => !result.ok);
    expect([results.length, failed]).toEqual([13, []]);
  });

  it('are named as their files, mapped, explained and tested both ways', () => {
    for (const rule of prepared.rules) {
      expect(rule.map.file).toBe(resolve(folder, `${rule.id}.yaml`));
      expect(rule.attack.some((id) => id.startsWith('TA')) && rule.attack.some((id) => /^T\d/.test(id))).toBe(true);
      expect(Math.min(rule.references.length, rule.falsePositives.length, rule.description.length)).toBeGreaterThan(0);
      expect([...new Set(rule.tests.map((test) => test.alerts.length > 0))].sort()).toEqual([false, true]);
    }
  });
});
