import { afterAll, afterEach, beforeEach, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';
import type { LeaseBook } from '../../src/state/lease.ts';
import { addressOf, openClient } from '../../src/state/postgres/connection.ts';
import { endHolder } from '../../src/state/postgres/machines.ts';
import type { RelayAsked } from '../../src/state/relay.ts';
import { openShared, type RunnerState } from '../../src/state/runner-state.ts';
import { postgres } from '../lib/postgres.ts';
import { START } from './samples.ts';

const TENANT = "o'neil \\ sons";
const ASKED: RelayAsked = {
  to: { tenant: TENANT },
  action: 'run_query',
  input: { kql: "x | where y == 'ä'" },
  by: 'soar',
};

postgres.describe('what processes ask of each other on a state in Postgres', () => {
  const schema = postgres.freshSchema();
  const clock = createManualClock(START);
  const turns = { sleep: () => new Promise<void>(setImmediate) };
  const standBy = { clock: turns, signal: new AbortController().signal, waiting: () => undefined };
  let north: Process;
  let south: Process;
  let watching: Awaited<ReturnType<typeof openClient>>;
  beforeEach(async () => {
    const url = new Secret(await schema.url());
    watching = await openClient(addressOf(url.reveal()));
    [north, south] = [await join(url, 'north'), await join(url, 'south')];
    await south.leases.take({ kind: 'tenant', name: TENANT });
  });
  afterEach(async () => {
    await Promise.all([north.state.close(), south.state.close(), watching.end()]);
    await schema.empty();
  });
  afterAll(schema.drop);

  interface Process {
    readonly state: RunnerState;
    readonly leases: LeaseBook;
    readonly id: number;
  }

  const join = async (url: Secret, machine: string): Promise<Process> => {
    const options = {
      clock,
      log: silentLog,
      place: 'in-process',
      process: { verb: 'run', pid: 1, machine },
      version: '1',
    } as const;
    const state = await openShared(url, options, standBy);
    if (!state.leases) throw new Error('it shares nothing');
    return { state, leases: state.leases, id: (await state.leases.look()).self };
  };
  const ask = async (...relays: readonly RelayAsked[]): Promise<number> => {
    const [id = 0] = await north.leases.relays.ask(relays);
    return id;
  };
  const outcomeOf = async (id: number) => (await north.leases.relays.outcomes([id])).get(id) ?? null;

  it('is taken once, by who has the lease of the tenant, and answered once', async () => {
    const id = await ask(ASKED, { ...ASKED, to: { tenant: 'of nobody' } });
    expect(await north.leases.relays.take([TENANT, 'of nobody'], 9)).toEqual([]);
    expect(await south.leases.relays.take(['another'], 9)).toEqual([]);
    expect(await south.leases.relays.take([TENANT, 'of nobody'], 9)).toEqual([{ ...ASKED, id }]);
    expect(await south.leases.relays.take([TENANT], 9)).toEqual([]);
    expect(await outcomeOf(id)).toBeNull();
    await north.leases.relays.answer(id, { document: 'of a stranger' });
    await south.leases.relays.answer(id, { document: { rows: [{ a: 'ä' }] } });
    expect(await outcomeOf(id)).toEqual({ kind: 'answered', answer: { document: { rows: [{ a: 'ä' }] } } });
    // It is forgotten with that: who asks for it again learns nothing.
    expect(await outcomeOf(id)).toEqual({ kind: 'lost' });
  });

  it('reaches a process by its number, whatever it has', async () => {
    const id = await ask({ ...ASKED, to: { machine: south.id }, action: 'reload' });
    expect(await north.leases.relays.take([TENANT], 9)).toEqual([]);
    expect(await south.leases.relays.take([], 9)).toMatchObject([{ id, to: { machine: south.id } }]);
  });

  it('is told as lost where who took it is gone, which cannot answer any more', async () => {
    const id = await ask(ASKED);
    await south.leases.relays.take([TENANT], 9);
    const { rows } = await watching.query({ text: 'SELECT session FROM machine WHERE id = $1', values: [south.id] });
    await endHolder(watching, rows[0] as { readonly session: number });
    while ((await north.leases.look()).sharers.length > 1);
    expect(await outcomeOf(id)).toEqual({ kind: 'lost' });
  });

  it('waits for whoever takes over the tenant, but not for ever', async () => {
    await south.leases.giveBack({ kind: 'tenant', name: TENANT });
    const [first, second] = [await ask(ASKED), await ask(ASKED)];
    expect(await south.leases.relays.take([TENANT], 9)).toEqual([]);
    await north.leases.take({ kind: 'tenant', name: TENANT });
    expect(await north.leases.relays.take([TENANT], 1)).toMatchObject([{ id: first }]);
    await watching.query({ text: "UPDATE relay SET asked_at = asked_at - interval '31 seconds'" });
    expect(await north.leases.relays.take([TENANT], 9)).toEqual([]);
    expect(await outcomeOf(second)).toEqual({ kind: 'untaken' });
    expect(await outcomeOf(first)).toBeNull();
  });

  it('is not begun once it was withdrawn, and whoever began it learns that', async () => {
    const [first, second] = [await ask(ASKED), await ask(ASKED)];
    await south.leases.relays.take([TENANT], 1);
    expect(await south.leases.relays.wanted()).toEqual(new Set([first]));
    await north.leases.relays.withdraw([first, second]);
    expect(await south.leases.relays.wanted()).toEqual(new Set());
    expect(await south.leases.relays.take([TENANT], 9)).toEqual([]);
    await south.leases.relays.answer(first, { document: null });
    expect((await watching.query({ text: 'SELECT id FROM relay' })).rows).toEqual([]);
  });

  it('is refused where too many wait, all or none, and what is too long is no answer', async () => {
    const many = Array.from({ length: 600 }, () => ASKED);
    expect(await north.leases.relays.ask(many)).toHaveLength(600);
    await expect(north.leases.relays.ask(many)).rejects.toMatchObject({ code: 'ACTION_BUSY', retryable: true });
    const [{ id } = { id: 0 }] = await south.leases.relays.take([TENANT], 1);
    await south.leases.relays.answer(id, { document: 'x'.repeat(17 * 1024 * 1024) });
    expect(await outcomeOf(id)).toMatchObject({ answer: { failure: { code: 'SOURCE_RESULT_TOO_LARGE' } } });
    // What nobody waits for any more makes room.
    await watching.query({ text: "UPDATE relay SET asked_at = asked_at - interval '16 minutes'" });
    await north.leases.relays.ask([ASKED]);
    expect((await watching.query({ text: 'SELECT id FROM relay' })).rows.length).toBeLessThan(2);
  });
});
