import { describe, expect, it } from '@jest/globals';
import { type ErrorCode, HuntwireError } from '../../src/lib/errors.ts';
import { createTimetable } from '../../src/run/schedule.ts';
import type { Tenant } from '../../src/run/tenant.ts';
import { takeTurn } from '../../src/run/turn.ts';
import { makeRule } from './make-rule.ts';
import { EVENT, MINUTE, T0 } from './story.ts';
import { planted, setUp } from './turn-bench.ts';

const rule = makeRule({}, { identity: EVENT });

/** A turn whose calls cannot be noted in the meter; what it came to, and what it left behind. */
async function turnThatFails(code: ErrorCode, stop = new AbortController()) {
  const { bench, detections } = setUp([planted(1, T0 - 30 * MINUTE)]);
  const { meter } = bench.tenant;
  const end: Tenant['meter']['end'] = async () => {
    if (code === 'ABORTED') stop.abort();
    throw new HuntwireError(code, 'it failed');
  };
  const turn = {
    tenant: { ...bench.tenant, meter: { ...meter, end } },
    rule,
    timetable: createTimetable(rule.schedule, rule.id),
    kind: 'due' as const,
    scheduledAt: null,
  };
  const options = { admit: async () => 0, signal: stop.signal, dryRun: false };
  const outcome = await takeTurn(turn, options, bench.deps).then(
    (report) => report?.run.outcome ?? 'nothing',
    (error: unknown) => error,
  );
  return { outcome, state: await bench.store.ruleState('default', rule.id), told: detections() };
}

describe('a run', () => {
  it.each(['STATE_FULL', 'STATE_BUSY', 'STATE_FAILED'] as const)(
    'whose state fails with %s while it asks is no failure of the rule: nothing is committed',
    async (code) => {
      const { outcome, state, told } = await turnThatFails(code);
      expect(outcome).toMatchObject({ code });
      expect([state, told]).toEqual([null, []]);
    },
  );

  it('that is stopped while it asks leaves nothing behind', async () => {
    const { outcome, state } = await turnThatFails('ABORTED');
    expect(outcome).toMatchObject({ code: 'ABORTED' });
    expect(state).toBeNull();
  });

  it('that was stopped leaves nothing behind whatever the source then says', async () => {
    const { outcome, state } = await turnThatFails('SOURCE_NETWORK', stopped());
    expect(outcome).toMatchObject({ code: 'SOURCE_NETWORK' });
    expect(state).toBeNull();
  });

  it('that fails otherwise is told and stays pending', async () => {
    const { outcome, state } = await turnThatFails('SOURCE_NETWORK');
    expect(outcome).toBe('failed');
    expect(state).toMatchObject({ standing: 'failing', failures: 1, ledger: [{ outcome: 'pending' }] });
  });
});

function stopped(): AbortController {
  const stop = new AbortController();
  stop.abort();
  return stop;
}
