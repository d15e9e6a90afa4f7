import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { App } from '../../src/app.ts';
import { runApp } from '../../src/cli/run-app.ts';
import { silentLog } from '../../src/lib/log.ts';
import { openBench } from '../run/bench.ts';
import { makeRule } from '../run/make-rule.ts';
import { plantedSource } from '../run/planted-source.ts';

const T0 = Date.parse('2026-01-10T12:00:00Z');

/** An app of one tenant whose deliveries go on until they are stopped, or give up at once. */
function appWith(fault: Error | null) {
  const ended: string[] = [];
  const bench = openBench({
    start: T0,
    source: (clock) => plantedSource({ columns: [], rows: () => [], now: clock.now }),
  });
  const untilStopped = async (signal: AbortSignal): Promise<void> => {
    if (fault) throw fault;
    if (!signal.aborted) await once(signal, 'abort');
    ended.push('deliveries');
  };
  const app = {
    config: { heartbeat: null, tenants: [], targets: new Map(), state: { path: 'none' } },
    targets: [],
    tenants: [{ ...bench.tenant, rules: [makeRule()] }],
    runs: bench.deps,
    deliveries: { run: untilStopped },
  } as unknown as App;
  return { app, ended };
}

describe('runApp', () => {
  it('ends, and says why, when the deliveries give up', async () => {
    const { app } = appWith(new Error('the outbox cannot be opened'));
    await expect(runApp(app, silentLog, new AbortController().signal)).rejects.toThrow('the outbox cannot be opened');
  });

  it('ends by the signal', async () => {
    const { app, ended } = appWith(null);
    await runApp(app, silentLog, AbortSignal.abort());
    expect(ended).toEqual(['deliveries']);
  });
});
