import { describe, expect, it } from '@jest/globals';
import type { ActionDeps } from '../../src/actions/action-deps.ts';
import { parseInput } from '../../src/actions/parse-input.ts';
import { performAction } from '../../src/actions/perform-action.ts';
import { ACTIONS } from '../../src/actions/registry.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import type { Delivery, Target } from '../../src/targets/target.ts';
import { makeRule } from '../run/make-rule.ts';
import { commitAlerts, START, sampleAlert, sampleCommit } from '../state/samples.ts';

function openDeps(over: Partial<ActionDeps> = {}) {
  const clock = createManualClock(START);
  const store = openMemoryStore({ clock });
  const told: object[] = [];
  const deps: ActionDeps = {
    by: 'soar',
    signal: new AbortController().signal,
    clock,
    random: () => 0.5,
    log: { ...silentLog, info: (message, fields) => void told.push({ message, ...fields }) },
    config: {
      file: '/huntwire.yaml',
      tenants: [{ name: 'default', source: { api: 'local' } }],
      silences: [],
      links: { alert: null },
      functions: [],
      watchlists: {},
    },
    offers: {},
    noteAsked: (asked) => store.noteAudit({ ...asked, who: 'soar', at: clock.now(), before: null }),
    wakeDeliveries: () => undefined,
    openTarget: () => Promise.reject(new Error('must not be asked')),
    openTenant: () => Promise.reject(new Error('must not be asked')),
    rehearse: () => Promise.reject(new Error('must not be asked')),
    reading: (work) => work(store),
    writing: (work) => work(store),
    rulesOf: async () => [makeRule()],
    ...over,
  };
  const ask = async (slug: string, input: unknown = {}) => {
    const action = ACTIONS.get(slug);
    if (!action) throw new Error(`There is no ${slug}.`);
    return (await performAction(action, input, deps)) as never;
  };
  return { clock, store, told, ask };
}

describe('list_alerts', () => {
  interface Page {
    readonly alerts: readonly { readonly id: string; readonly revision: number }[];
    readonly cursor: string | null;
    readonly more: boolean;
  }

  it('gives every message once to who asks with the cursor of the call before', async () => {
    const { store, ask } = openDeps();
    expect(await ask('list_alerts')).toEqual({ alerts: [], cursor: null, more: false, begunAnew: false });
    await commitAlerts(store, ['a', 'b', 'c'], ['soar']);
    const seen: string[] = [];
    let page: Page = { alerts: [], cursor: null, more: true };
    while (page.more) {
      page = await ask('list_alerts', { limit: 2, ...(page.cursor !== null && { cursor: page.cursor }) });
      seen.push(...page.alerts.map(({ id }) => id));
    }
    expect(seen).toEqual(['a', 'b', 'c']);
    await store.commit(sampleCommit(store, { alerts: [sampleAlert('a', { revision: 1, status: 'resolved' })] }));
    const next: Page = await ask('list_alerts', { cursor: page.cursor });
    expect(next.alerts.map(({ id, revision }) => [id, revision])).toEqual([['a', 1]]);
    expect(await ask('list_alerts', { cursor: next.cursor })).toMatchObject({ alerts: [], cursor: next.cursor });
  });

  it('takes a time to begin with, back from now or as it is', async () => {
    const { store, ask, clock } = openDeps();
    await commitAlerts(store, ['a'], ['soar']);
    await clock.advance(7_200_000);
    await commitAlerts(store, ['b'], ['soar']);
    for (const since of ['1h', new Date(START + 3_600_000).toISOString()])
      expect(((await ask('list_alerts', { since })) as Page).alerts.map(({ id }) => id)).toEqual(['b']);
  });

  it.each([
    [{ cursor: 'abc' }, /none of ours/],
    [{ cursor: Buffer.from('1.0.a').toString('base64url') }, /none of ours/],
    [{ cursor: Buffer.from('1.1.a').toString('base64url'), since: '1h' }, /not both/],
    [{ since: 'yesterday' }, /is no time/],
    [{ limit: 0 }, /limit/],
    [{ limit: 501 }, /limit/],
    [{ severities: ['worst'] }, /severities/],
    [{ lmit: 5 }, /Unknown key "lmit"/],
    [[], /must be a map/],
    ['text', /must be a map/],
    [null, /must be a map/],
    [parseInput('{"__proto__": {"limit": 1}}'), /Unknown key "__proto__"/],
  ])('refuses %j', async (input, why) => {
    const { ask } = openDeps();
    await expect(ask('list_alerts', input)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(why),
    });
  });
});

describe('an alert', () => {
  it('is found by its id, or by how that begins where it is the only one', async () => {
    const { store, ask } = openDeps();
    await commitAlerts(store, ['abc', 'abd', 'ab'], ['soar']);
    expect(await ask('get_alert', { id: 'abd' })).toMatchObject({ id: 'abd' });
    expect(await ask('get_alert', { id: 'abc' })).toMatchObject({ id: 'abc' });
    expect(await ask('get_alert', { id: 'ab' })).toMatchObject({ id: 'ab' });
    await expect(ask('get_alert', { id: 'a' })).rejects.toMatchObject({ code: 'USAGE' });
    for (const id of ['x', '', '%'])
      await expect(ask('get_alert', { id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is taken on by who asks, or by whom they name, and says so from then on', async () => {
    const { store, ask, told } = openDeps();
    await commitAlerts(store, ['a'], ['soar']);
    const at = new Date(START).toISOString();
    expect(await ask('acknowledge_alert', { id: 'a' })).toEqual({ id: 'a', acknowledged: { by: 'soar', at } });
    const disposed = { by: 'soar', at, disposition: 'benign' };
    expect(await ask('acknowledge_alert', { id: 'a', by: 'ann', disposition: 'benign' })).toEqual({
      id: 'a',
      acknowledged: disposed,
    });
    expect(await ask('get_alert', { id: 'a' })).toMatchObject({ acknowledged: disposed });
    expect(told).toEqual([
      {
        message: 'an action was asked for',
        action: 'acknowledge_alert',
        by: 'soar',
        outcome: 'done',
        input: '{"id":"a"}',
      },
      expect.objectContaining({ outcome: 'done' }),
    ]);
  });

  it('that is not there cannot be taken on; who tried is logged', async () => {
    const { ask, told } = openDeps();
    await expect(ask('acknowledge_alert', { id: 'a' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(ask('acknowledge_alert', { id: 'a', disposition: 'maybe' })).rejects.toMatchObject({ code: 'USAGE' });
    expect(told).toEqual([expect.objectContaining({ by: 'soar', outcome: 'NOT_FOUND' })]);
  });
});

describe('what only a process that runs can do', () => {
  it.each([
    ['reload', {}],
    ['backfill_rule', { rule: 'some-rule', from: '1d' }],
  ])('%s is not offered by another', async (slug, input) => {
    const { ask } = openDeps();
    await expect(ask(slug, input)).rejects.toMatchObject({ code: 'ACTION_NOT_OFFERED' });
  });

  it('is done by the one that can', async () => {
    const asked: unknown[] = [];
    const offer = (name: string) => async (given?: unknown) => {
      asked.push([name, given]);
      return { outcome: 'applied', changes: [], problems: [] };
    };
    const offers = { reload: offer('reload'), backfillRule: offer('backfill'), runRules: offer('runs') };
    const { ask } = openDeps({ offers });
    await ask('reload');
    await ask('backfill_rule', { rule: 'some-rule', from: '1d', retell: 'excepted' });
    await ask('run_rule', { dryRun: true });
    expect(asked).toEqual([
      ['reload', expect.objectContaining({ aborted: false })],
      ['backfill', { rule: 'some-rule', from: '1d', retell: 'excepted' }],
      ['runs', { dryRun: true }],
    ]);
  });
});

describe('list_gaps', () => {
  it('tells what rules have not searched, oldest first', async () => {
    const { store, ask } = openDeps();
    const entry = { attempts: 0, logicalTime: START, reason: null } as const;
    const ledger = [
      { ...entry, id: '2', from: START - 1000, to: START, outcome: 'pending' },
      { ...entry, id: '1', from: START - 9000, to: START - 8000, outcome: 'gap', reason: 'too heavy' },
    ] as const;
    const { rule, ...commit } = sampleCommit(store);
    await store.commit({ ...commit, rule: { ...rule, ledger } });
    const iso = (time: number) => new Date(time).toISOString();
    const gap = { tenant: commit.tenant, rule: commit.ruleId, from: iso(START - 9000), to: iso(START - 8000) };
    expect(await ask('list_gaps', { outcomes: ['gap', 'pending'] })).toEqual({
      gaps: [
        { ...gap, outcome: 'gap', reason: 'too heavy' },
        { ...gap, from: iso(START - 1000), to: iso(START), outcome: 'pending', reason: null },
      ],
    });
    expect(await ask('list_gaps', { rules: ['another'] })).toEqual({ gaps: [] });
  });
});

describe('silences and rules', () => {
  it('are added, listed and ended', async () => {
    const { ask } = openDeps();
    const silence = { match: ['rule="x"'], owner: 'ann', reason: 'known', for: '2h' };
    const added = await ask('add_silence', silence);
    expect(added).toMatchObject({ silences: [{ id: 's-80000000', state: 'active', from: 'state' }] });
    expect(await ask('list_silences')).toEqual(added);
    expect(await ask('expire_silence', { ids: ['s-80000000'] })).toMatchObject({ silences: [{ state: 'ended' }] });
    expect(await ask('list_silences')).toEqual({ silences: [] });
    await expect(ask('add_silence', { ...silence, ends: '2030-01-01' })).rejects.toMatchObject({
      message: 'Say when it ends: exactly one of ends and for.',
    });
  });

  it('of other tenants are left out', async () => {
    const { ask } = openDeps();
    expect(await ask('list_rules')).toMatchObject({ rules: [{ tenant: 'default', id: 'rule' }] });
    expect(await ask('list_rules', { tenant: 'another' })).toEqual({ rules: [] });
  });
});

describe('dead letters', () => {
  it('are listed, shown, put back and deleted, and deliveries are told', async () => {
    const woken: true[] = [];
    const { store, ask, clock } = openDeps({ wakeDeliveries: () => void woken.push(true) });
    await commitAlerts(store, ['a', 'b'], ['soar']);
    const due = { now: store.outboxNow(), limit: 10, except: new Set<number>(), ignoreBackoff: true };
    const [{ id = 0 } = {}] = await store.pending('soar', due);
    await store.bury([{ id, reason: 'no', status: 422, answer: 'what?', at: clock.now() }]);
    const letter = { id, alertId: 'a', target: 'soar', reason: 'no', status: 422 };
    expect(await ask('list_dead_letters', { reason: 'N' })).toMatchObject({ entries: [letter] });
    expect(await ask('list_dead_letters', { target: 'siem' })).toEqual({ entries: [] });
    expect(await ask('show_dead_letter', { id: String(id) })).toMatchObject({ ...letter, answer: 'what?' });
    await expect(ask('show_dead_letter', { id: '999' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(ask('replay_dead_letter')).rejects.toMatchObject({ message: expect.stringContaining('"all": true') });
    const dry = await ask('replay_dead_letter', { all: true, dryRun: true });
    expect(dry).toMatchObject({ replayed: 0, dryRun: true, entries: [letter] });
    expect(await ask('replay_dead_letter', { ids: [String(id)] })).toMatchObject({ replayed: 1 });
    expect(await ask('drop_dead_letter', { all: true })).toEqual({ dropped: 0, entries: [] });
    expect(woken).toHaveLength(2);
  });
});

describe('the audit', () => {
  it('has who changed what in the state, as it was before and is now', async () => {
    const { store, ask, clock } = openDeps();
    await commitAlerts(store, ['a', 'b', 'c'], ['soar']);
    const due = { now: store.outboxNow(), limit: 10, except: new Set<number>(), ignoreBackoff: true };
    const ids = (await store.pending('soar', due)).map(({ id }) => id);
    await store.bury(ids.map((id) => ({ id, reason: 'no', status: 422, answer: '', at: clock.now() })));
    await ask('acknowledge_alert', { id: 'a' });
    await ask('acknowledge_alert', { id: 'a', disposition: 'false' });
    await ask('add_silence', { id: 's1', match: ['rule="x"'], owner: 'ann', reason: 'known', for: '2h' });
    await ask('expire_silence', { ids: ['s1', 'none'] });
    await ask('replay_dead_letter', { ids: [String(ids[0])] });
    await ask('drop_dead_letter', { all: true, dryRun: true });
    await ask('drop_dead_letter', { all: true });
    await ask('drop_dead_letter', { all: true });
    const at = new Date(START).toISOString();
    const later = new Date(START + 7_200_000).toISOString();
    const taken = { by: 'soar', at };
    const entry = (action: string, subject: string, before: unknown, after: unknown) => ({
      ...{ at: START, who: 'soar', action, subject, before, after },
    });
    const silence = { match: ['rule="x"'], owner: 'ann', reason: 'known', starts: null, ends: later };
    expect(await store.audit({ limit: 100 })).toEqual([
      entry('acknowledge_alert', 'a', null, taken),
      entry('acknowledge_alert', 'a', taken, { ...taken, disposition: 'false' }),
      entry('add_silence', 's1', null, silence),
      entry('expire_silence', 's1', { ends: later }, { ends: at }),
      entry('replay_dead_letter', String(ids[0]), null, { count: 1, ids: ids.slice(0, 1) }),
      entry('drop_dead_letter', 'dead letters', null, { count: 2, ids: ids.slice(1) }),
    ]);
    const changes = (await store.journal({ after: 0, limit: 100 })).events.filter(({ kind }) => kind === 'audit');
    expect(changes).toHaveLength(6);
    expect(changes[2]).toMatchObject({ who: 'soar', action: 'add_silence', after: silence });
  });
});

describe('a test alert', () => {
  it('is sent once to a target, its end behind it where that is asked for', async () => {
    const sent: unknown[] = [];
    const closed: true[] = [];
    const target = {
      deliver: async ({ messageId, alert, receipt }: Delivery) => {
        sent.push([messageId.endsWith('-1'), alert.status, receipt]);
        return { kind: 'delivered', receipt: 'INC1' } as const;
      },
      close: async () => void closed.push(true),
    } as unknown as Target;
    const { ask } = openDeps({ openTarget: async () => target });
    expect(await ask('send_test_alert', { target: 'soar' })).toMatchObject({ target: 'soar', kind: 'delivered' });
    expect(await ask('send_test_alert', { target: 'soar', resolve: true })).toMatchObject({
      resolve: { kind: 'delivered' },
    });
    expect([sent, closed.length]).toEqual([
      [
        [false, 'firing', null],
        [false, 'firing', null],
        [true, 'resolved', 'INC1'],
      ],
      2,
    ]);
  });
});
