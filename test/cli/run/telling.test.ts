import { describe, expect, it } from '@jest/globals';
import { createTelling, type ToldApp } from '../../../src/cli/run/telling.ts';
import { createManualClock } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { openMemoryStore } from '../../../src/state/sqlite-store.ts';
import type { JournalMessage } from '../../../src/targets/target.ts';
import { commitAlerts, START } from '../../state/samples.ts';

const SECOND = 1000;

function start(target: string | null) {
  const clock = createManualClock(START);
  const store = openMemoryStore({ clock });
  const seen: string[] = [];
  const openApart = (name: string) => ({
    name,
    carry: async (messages: readonly JournalMessage[]) => {
      seen.push(...messages.map((one) => `${name} ${JSON.parse(one.text(null)).kind}`));
      return messages.map(() => ({ kind: 'delivered' as const }));
    },
    close: async () => void seen.push(`${name} closed`),
  });
  const config = { events: target === null ? null : { path: null, target } };
  const runs = { store, clock, log: silentLog, newRunId: () => 'state-1' };
  const app = { config, targets: [{ name: 'siem' }], runs, openApart };
  const events = createTelling(app as unknown as ToldApp);
  return { clock, store, seen, app, events };
}

describe('events of a process', () => {
  it('go over a target of their own, and to another one once a reload says so', async () => {
    const { clock, store, seen, app, events } = start('siem');
    const stop = new AbortController();
    const done = events.run(stop.signal);
    await commitAlerts(store, ['a1'], ['soar']);
    await clock.advance(SECOND);
    await events.follow();
    expect(seen).toEqual(['siem run', 'siem alert']);
    app.targets = [{ name: 'siem' }];
    const followed = [events.follow(), clock.advance(SECOND)];
    await Promise.all(followed);
    expect(seen.slice(2)).toEqual(['siem closed']);
    app.config = { events: { path: null, target: 'lake' } };
    await Promise.all([events.follow(), clock.advance(3 * SECOND)]);
    expect(seen.slice(3)).toEqual(['siem closed', 'lake run', 'lake alert']);
    app.config = { events: null };
    await Promise.all([events.follow(), clock.advance(SECOND)]);
    stop.abort();
    await Promise.all([done, clock.advance(SECOND)]);
    expect(seen.slice(6)).toEqual(['lake closed']);
  });

  it('that nobody asks for end with the process', async () => {
    const { events, seen } = start(null);
    const stop = new AbortController();
    const done = events.run(stop.signal);
    stop.abort();
    await done;
    expect(seen).toEqual([]);
  });
});
