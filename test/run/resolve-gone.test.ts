import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { resolveGone } from '../../src/run/resolve-gone.ts';
import { openBench } from './bench.ts';
import { makeRule } from './make-rule.ts';
import { plantedSource } from './planted-source.ts';
import { COLUMNS, HOUR, T0 } from './story.ts';

const invalid = () => new HuntwireError('SOURCE_QUERY_INVALID', 'no such column', { retryable: false });

/** A tenant whose rules are all blocked. */
async function allBlocked(rules: readonly RunnableRule[]) {
  const bench = openBench({
    start: T0,
    source: (clock) => plantedSource({ columns: COLUMNS, rows: () => [], now: clock.now, fails: invalid }),
  });
  for (const rule of rules) await bench.turn(rule);
  const open = async () => (await bench.store.openHealth()).map(({ code, subject }) => `${code} ${subject}`);
  const pending = async () =>
    await bench.store.pending('soar', { now: bench.clock.now(), limit: 10, except: new Set(), ignoreBackoff: true });
  /** What reaches the receiver next, and next. */
  const receive = async () => {
    const messages = [];
    for (let next = await pending(); next.length > 0; next = await pending()) {
      messages.push(...next.map(({ messageId, alert }) => ({ messageId, alert })));
      await bench.store.delivered(
        next.map(({ id }) => id),
        bench.clock.now(),
      );
    }
    return messages;
  };
  await bench.clock.advance(HOUR);
  return { bench, open, receive };
}

describe('a deleted rule with an open condition', () => {
  it('is resolved with that reason, under the same id, behind its firing alert', async () => {
    const { bench, open, receive } = await allBlocked([makeRule({ id: 'kept' }), makeRule({ id: 'deleted' })]);
    expect(await open()).toEqual(['rule-blocked deleted', 'rule-blocked kept']);
    await resolveGone([{ name: 'default', rules: [makeRule({ id: 'kept' })] }], bench.deps);
    expect(await open()).toEqual(['rule-blocked kept']);
    const messages = (await receive()).filter(({ alert }) => alert.health?.subject === 'deleted');
    expect(messages.map(({ alert }) => [alert.status, alert.revision])).toEqual([
      ['firing', 0],
      ['resolved', 1],
    ]);
    expect(messages[1]?.messageId).toBe(`${messages[0]?.messageId}-1`);
    expect(messages[1]?.alert.description).toBe('The rule deleted is no longer there: it was deleted or renamed.');
  });
});

describe('an open condition at start', () => {
  it('of a rule that is disabled now is resolved with that reason', async () => {
    const { bench, open, receive } = await allBlocked([makeRule({ id: 'off' })]);
    await resolveGone([{ name: 'default', rules: [makeRule({ id: 'off', status: 'disabled' })] }], bench.deps);
    expect(await open()).toEqual([]);
    const [, resolved] = await receive();
    expect(resolved?.alert).toMatchObject({
      status: 'resolved',
      description: 'The rule off is disabled.',
      rule: { id: 'off' },
    });
  });

  it('of a tenant that was removed or renamed is resolved with that reason', async () => {
    const { bench, open, receive } = await allBlocked([makeRule({ id: 'one' }), makeRule({ id: 'two' })]);
    await resolveGone([{ name: 'renamed', rules: [makeRule({ id: 'one' }), makeRule({ id: 'two' })] }], bench.deps);
    expect(await open()).toEqual([]);
    const told = (await receive()).map(({ alert }) => alert.description);
    expect(told.filter((text) => text.includes('The tenant default is no longer configured'))).toHaveLength(2);
  });

  it('of a rule that is still there stays open, in testing, too', async () => {
    const { bench, open } = await allBlocked([makeRule({ id: 'kept' })]);
    await resolveGone([{ name: 'default', rules: [makeRule({ id: 'kept', status: 'testing' })] }], bench.deps);
    expect(await open()).toEqual(['rule-blocked kept']);
  });

  it('of a target is left to the outbox', async () => {
    const { bench, open } = await allBlocked([]);
    const record = {
      tenant: 'default',
      code: 'target-blocked',
      subject: 'soar',
      since: T0,
      alertId: 'a',
      revision: 0,
    } as const;
    await bench.store.commitHealth({ alerts: [], messages: [], health: [{ ...record, record }] });
    await resolveGone([{ name: 'renamed', rules: [] }], bench.deps);
    expect(await open()).toEqual(['target-blocked soar']);
  });
});
