import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createKqlEngine } from '../../src/engine/kql-engine.ts';
import { OWN_CASES } from './conformance-own.ts';
import type { AllCasesModule, CasesModule, HuntingOutcome, Outcome } from './conformance-types.ts';

const load = (file: string): Promise<unknown> => import(resolve(import.meta.dirname, file));
const { createRunner, haveCases, judge } = (await load('conformance-cases.mjs')) as CasesModule;
const { judgeAll } = (await load('all-cases.mjs')) as AllCasesModule;

/** Passed cases so far: a change may raise these numbers, never lower them. */
interface Counts {
  readonly engine: number;
  readonly hunting: number;
  readonly traps: number;
  /** Tables that pages of the documentation print; about one in ten of them is wrong. */
  readonly tables: number;
  /** Ids of wrong answers that docs/kql-differences.md explains, each with its reason. */
  readonly differences: Readonly<Record<string, 'dcount' | 'choice' | 'last digit'>>;
}

const counts = JSON.parse(readFileSync(resolve(import.meta.dirname, 'conformance-counts.json'), 'utf8')) as Counts;

function passed(outcomes: readonly Outcome[]): number {
  return outcomes.filter((one) => one.verdict === 'pass').length;
}

function refused(outcomes: readonly Outcome[]): number {
  return outcomes.filter((one) => one.verdict === 'refused').length;
}

describe('cases of our own', () => {
  const run = createRunner(createKqlEngine);

  it.each(OWN_CASES.map((one) => [one.id, one] as const))('%s', async (_id, one) => {
    expect(await judge({ ...one, id: '' }, run)).toMatchObject({ verdict: 'pass', detail: '' });
  });
});

const describeCases = haveCases() ? describe : describe.skip;

describeCases('recorded cases of the real engine (skipped where ../shared/conformance is absent)', () => {
  let engine: readonly HuntingOutcome[] = [];
  let traps: readonly HuntingOutcome[] = [];
  let tables: readonly HuntingOutcome[] = [];

  beforeAll(async () => {
    const outcomes = await judgeAll(createKqlEngine);
    engine = outcomes['engine-cases'] ?? [];
    traps = outcomes['semantic-traps'] ?? [];
    tables = outcomes['docs-tables'] ?? [];
    const byShape = engine.filter((one) => one.byShape && one.verdict === 'pass').map((one) => one.id);
    const hunting = engine.filter((one) => one.hunting);
    console.info(
      [
        `engine cases: ${passed(engine)} of ${engine.length}`,
        `hunting-relevant: ${passed(hunting)} of ${hunting.length}`,
        `traps: ${passed(traps)} of ${traps.length}`,
        `tables of the documentation: ${passed(tables)} of ${tables.length}, ${refused(tables)} refused`,
        `compared by shape: ${byShape.join(', ')}`,
      ].join('\n'),
    );
  });

  it('pass at least as many as before', () => {
    expect(passed(engine)).toBeGreaterThanOrEqual(counts.engine);
    expect(passed(engine.filter((one) => one.hunting))).toBeGreaterThanOrEqual(counts.hunting);
    expect(passed(traps)).toBeGreaterThanOrEqual(counts.traps);
    expect(passed(tables)).toBeGreaterThanOrEqual(counts.tables);
  });

  it('have no wrong answer that is not documented', () => {
    const wrong = [...engine, ...traps].filter((one) => one.verdict === 'wrong');
    const surprising = wrong.filter((one) => !Object.hasOwn(counts.differences, one.id));
    expect(surprising.map((one) => `${one.id}: ${one.detail}`)).toEqual([]);
    expect(Object.keys(counts.differences).length).toBeLessThanOrEqual(10);
  });
});
