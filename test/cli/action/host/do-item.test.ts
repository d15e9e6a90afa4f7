import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { doItem } from '../../../../src/cli/action/host/do-item.ts';
import { createManualClock, type ManualClock } from '../../../../src/lib/clock.ts';
import { openSqliteStore } from '../../../../src/state/sqlite-store.ts';
import { commitAlerts, sampleAlert, sampleCommit } from '../../../state/samples.ts';
import { createFakeWorld, type FakeWorld } from '../../fake-world.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const CONFIG = {
  source: { api: 'local', path: 'events' },
  targets: { soar: { type: 'webhook', url: 'https://soar.example/hook' } },
  state: { path: 'state.db' },
};

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly body: { readonly status?: string; readonly results?: object; readonly error?: string };
}

let folder = '';
let clock: ManualClock;
let world: FakeWorld;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'item-test-'));
  for (const name of ['symphony', 'work', 'work/events']) mkdirSync(join(folder, name));
  say('module_configuration', JSON.stringify(CONFIG));
  say('token', 'the-token\n');
  clock = createManualClock(NOW);
  world = { ...createFakeWorld(join(folder, 'work')), clock };
});
afterEach(() => rmSync(folder, { recursive: true }));

function say(name: string, text: string): void {
  writeFileSync(join(folder, 'symphony', name), text);
}

function statePath(): string {
  return join(folder, 'work/state.db');
}

/** A host that answers in turn with these statuses, then with 200. */
function host(statuses: readonly (number | null)[] = [], value: object = {}) {
  const left = [...statuses];
  const asked: Asked[] = [];
  const tokens: string[] = [];
  const exchange = (token: string) => {
    tokens.push(token);
    return async (method: string, url: string, body: unknown) => {
      const status = left.shift();
      if (status === null) throw new Error('no route');
      asked.push({ method, url, body: body as Asked['body'] });
      const answer = method === 'GET' ? { value } : { module_configuration: { value } };
      return { status: status ?? 200, body: JSON.stringify(answer) };
    };
  };
  const env = { URL_CALLBACK: 'https://host.example/callback', URL_SECRETS: 'https://host.example/secrets' };
  const order = (slug: string) => ({ slug, place: { folder: join(folder, 'symphony'), env }, exchange });
  return { asked, tokens, order };
}

async function withAlerts(...ids: readonly string[]): Promise<void> {
  const store = openSqliteStore({ path: statePath(), clock });
  await commitAlerts(store, ids, []);
  await store.close();
}

describe('an action that a host starts a process for', () => {
  it('is done with what the host says, and its outcome told; secrets stay in memory', async () => {
    await withAlerts('a');
    say('arguments', '{"id": "a", "disposition": "true"}');
    const { asked, tokens, order } = host([], { targets: { soar: { auth: { bearer: 'hush-hush' } } } });
    expect(await doItem(world, order('acknowledge_alert'))).toBe(0);
    expect(tokens).toEqual(['the-token']);
    expect(asked).toEqual([
      { method: 'PATCH', url: 'https://host.example/callback', body: { status: 'running', need_secrets: true } },
      {
        method: 'PATCH',
        url: 'https://host.example/callback',
        body: {
          status: 'finished',
          results: { id: 'a', acknowledged: expect.objectContaining({ disposition: 'true' }) },
        },
      },
    ]);
    expect(readdirSync(join(folder, 'work')).filter((name) => !name.startsWith('state.db'))).toEqual(['events']);
  });

  it.each([
    ['{"id": "a"}', /no alert "a" .*\[NOT_FOUND\]|no alert "a"/],
    ['{"idd": "a"}', /Unknown key "idd"/],
    ['{', /no JSON/],
    ['{"id": 5}', /must be text/],
  ])('that fails on %s tells the host why', async (input, why) => {
    say('arguments', input);
    const { asked, order } = host();
    expect(await doItem(world, order('get_alert'))).toBe(0);
    expect(asked.at(-1)?.body).toEqual({ status: 'finished', error: expect.stringMatching(why) });
  });

  it('tells the host again where it was not heard, and not where it was refused or known already', async () => {
    await withAlerts('a');
    say('arguments', '{"id": "a"}');
    const lost = host([null, 502, 200, 503, 409]);
    const done = doItem(world, lost.order('get_alert'));
    for (let step = 0; step < 12; step += 1) await clock.advance(2000);
    expect([await done, lost.asked.map(({ body }) => body.status)]).toEqual([
      0,
      ['running', 'running', 'finished', 'finished'],
    ]);
    const refused = host([403]);
    expect(await doItem(world, refused.order('get_alert'))).toBe(5);
    expect([refused.asked.length, world.err()]).toEqual([1, expect.stringContaining('answered 403')]);
  });

  it.each([
    ['no_such_item', /no item "no_such_item"/, () => undefined],
    ['get_alert', /has to say token/, () => say('token', '')],
  ])('%s ends with a sentence where nothing can be told', async (slug, why, change) => {
    change();
    const { asked, order } = host();
    expect(await doItem(world, order(slug))).toBe(2);
    expect([asked, world.err()]).toEqual([[], expect.stringMatching(why)]);
  });
});

describe('a trigger', () => {
  const events = (asked: readonly Asked[]) =>
    asked.filter(({ method }) => method === 'POST').map(({ body }) => (body as { request_id?: string }).request_id);

  /** Lets the process go on for a minute and ends it. */
  async function play(slug: string, during: () => Promise<void>): Promise<readonly (string | undefined)[]> {
    const { asked, order } = host();
    const stop = new AbortController();
    const done = doItem({ ...world, signal: stop.signal }, order(slug));
    await clock.advance(15_000);
    await during();
    for (let step = 0; step < 4; step += 1) await clock.advance(15_000);
    stop.abort();
    await clock.advance(15_000);
    expect(await done).toBe(0);
    return events(asked);
  }

  async function commit(...alerts: readonly Parameters<typeof sampleAlert>[]): Promise<void> {
    const store = openSqliteStore({ path: statePath(), clock });
    await store.commit(sampleCommit(store, { alerts: alerts.map((one) => sampleAlert(...one)) }));
    await store.close();
  }

  it.each([
    ['alert_created', ['b-0']],
    ['alert_updated', ['a-1']],
    ['alert_resolved', ['a-2']],
  ])('%s tells of what comes, and goes on from there when it is started again', async (slug, told) => {
    await withAlerts('a');
    const told1 = await play(slug, () =>
      commit(['b'], ['a', { revision: 1 }], ['a', { revision: 2, status: 'resolved' }]),
    );
    expect(told1).toEqual(told);
    await commit(['c'], ['b', { revision: 1 }], ['b', { revision: 2, status: 'resolved' }]);
    expect(await play(slug, async () => undefined)).toHaveLength(1);
  });
});
