import type { LeasedParts } from '../../../app/leased.ts';
import { keepRefusals } from '../../../app/tell-refusals.ts';
import type { App } from '../../../app.ts';
import { joinSignals, withJoined } from '../../../lib/abort.ts';
import { allEnded } from '../../../lib/all-ended.ts';
import type { Log } from '../../../lib/log.ts';
import { keepBlocked } from '../../../run/blocked/keep-blocked.ts';
import { keepProof } from '../../../run/heartbeat/keep-proof.ts';
import { tellTenantStart } from '../../../run/opening/tell-broken.ts';
import { resolveGoneTenants } from '../../../run/resolve-gone.ts';
import { runSchedule } from '../../../run/scheduler.ts';
import type { Lease } from '../../../state/lease.ts';
import { announce } from '../../run-app.ts';
import { choresOf } from '../chores.ts';
import { createShare, type WorkSignals } from './keep-share.ts';

/**
 * As runApp, beside other processes on the same state: those parts of the work whose leases this one has, until `signal` aborts or one of
 * them gives up.
 */
export async function runShared(app: App, leased: LeasedParts, log: Log, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const joined = joinSignals([signal, stop.signal]);
  const share = createShare({
    book: leased.book,
    wanted: leased.names,
    hash: leased.hash,
    isCurrent: leased.isCurrent,
    work: (lease, signals) => workUnder(lease, { app, leased, log }, signals),
    clock: app.runs.clock,
    log,
    signal: joined.signal,
    stop: () => stop.abort(),
  });
  const deaf = app.listenToTenants(share.follow);
  try {
    await share.run();
    log.info('stopped');
  } finally {
    deaf();
    joined.release();
  }
}

interface Ground {
  readonly app: App;
  readonly leased: LeasedParts;
  readonly log: Log;
}

async function workUnder(lease: Lease, ground: Ground, signals: WorkSignals): Promise<void> {
  const { kind, name, fence } = lease;
  ground.log.info('this process takes a part of the work', { kind, name, fence });
  if (kind === 'tenant') await runTenant(lease, ground, signals);
  else
    await withJoined([signals.stop, signals.handOver], (either) =>
      kind === 'target' ? ground.leased.deliver(lease, either) : doChores(lease, ground, either),
    );
  ground.log.info('this process gives a part of the work back', { kind, name });
}

async function runTenant(lease: Lease, { app, leased, log }: Ground, { stop, handOver }: WorkSignals): Promise<void> {
  const { tenant, runs, leave } = await leased.hold(lease);
  const over = new AbortController();
  try {
    await tellTenantStart(tenant, app.broken, runs);
    announce(tenant, log, runs.clock.now());
    await withJoined([handOver, over.signal], (ended) =>
      withJoined([stop, ended], (either) => {
        const parts = [
          runSchedule(tenant, runs, stop, ended),
          keepBlocked(() => [tenant], runs, either),
          keepProof(tenant, () => app.config.heartbeat?.everyMs ?? null, runs, either),
        ];
        return allEnded(parts.map((part) => part.finally(() => over.abort())));
      }),
    );
  } finally {
    await leave();
  }
}

async function doChores(lease: Lease, { app, leased }: Ground, signal: AbortSignal): Promise<void> {
  const { runs, deliveries, leave } = await leased.takeCharge(lease);
  const over = new AbortController();
  try {
    await resolveGoneTenants(app.tenants, runs);
    await withJoined([signal, over.signal], (either) => {
      const chores = choresOf({ app, runs, isShared: true }, either);
      const deaf = app.listenToTenants(chores.follow);
      const parts = [deliveries.run(either), keepRefusals(app, runs, either), ...chores.parts];
      return allEnded(parts.map((part) => part.finally(() => over.abort()))).finally(deaf);
    });
  } finally {
    await leave();
  }
}
