/**
 * @jest-environment-options {"kql": true}
 */
import { describe, expect, it } from '@jest/globals';
import type { Commit } from '../../src/state/store.ts';
import { ALL_FEATURES, type Features } from './generate/features.ts';
import { scenarioOf, tryTwice, tryWeek } from './main.ts';
import type { Scenario } from './scenario.ts';
import { shrink } from './shrink.ts';

const FEATURES: Features = {
  ...ALL_FEATURES,
  cron: false,
  dateStep: 1,
  families: ALL_FEATURES.families.filter((family) => family !== 'stream-own-filter' && family !== 'stream-context'),
  faults: ['api', 'throttle', 'heavy', 'slow', 'target', 'kill', 'restart'],
};

describe('weeks', () => {
  it.each([6, 10, 14])('seed %i holds what SEMANTICS promises, and goes the same way twice', async (seed) => {
    expect((await tryTwice(scenarioOf(seed, FEATURES))).findings).toEqual([]);
  });
});

describe('the judge of weeks', () => {
  const calm = scenarioOf(3, { ...FEATURES, faults: [] });

  async function kindsFound(tamper: (commit: Commit) => Commit, scenario: Scenario = calm): Promise<readonly string[]> {
    const { findings } = await tryWeek(scenario, tamper);
    return [...new Set(findings.map((finding) => finding.kind))];
  }

  const isTelling = (commit: Commit): boolean => commit.alerts.some((alert) => alert.kind === 'detection');

  it('finds an alert that was never told', async () => {
    const found = await kindsFound((commit) => (isTelling(commit) ? { ...commit, alerts: [], messages: [] } : commit));
    expect(found).toContain('untold');
  });

  it('finds a message that was never sent', async () => {
    const found = await kindsFound((commit) => ({ ...commit, messages: commit.messages.slice(0, 1) }));
    expect(found).toContain('undelivered');
  });

  it('finds a row whose key was forgotten', async () => {
    expect(await kindsFound((commit) => ({ ...commit, keys: [] }))).toContain('told-twice');
  });

  it('finds time that was skipped', async () => {
    // Up to the service's now and a little more: what claims to cover more than a minute of the future is void.
    const skip = (commit: Commit): Commit => {
      const { frontier } = commit.rule;
      return frontier === null ? commit : { ...commit, rule: { ...commit.rule, frontier: frontier + 150_000 } };
    };
    const found = await kindsFound(skip);
    expect(found.some((kind) => kind === 'hole' || kind === 'behind')).toBe(true);
  });
});

describe('shrink', () => {
  it('leaves only what the finding needs', async () => {
    const whole = scenarioOf(14, FEATURES);
    const [wanted] = whole.events.slice(5);
    const shows = async (scenario: Scenario) => scenario.events.some((event) => event.id === wanted?.id);
    const shortest = await shrink(whole, shows, 500);
    expect(shortest.events.map((event) => event.id)).toEqual([wanted?.id]);
    expect(shortest.faults).toEqual([]);
    expect(shortest.rules).toHaveLength(1);
  });
});
