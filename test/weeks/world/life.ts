import { runApp } from '../../../src/cli/run-app.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import type { Store } from '../../../src/state/store.ts';
import { openSimApp } from './app.ts';
import type { Body, Files, Life, LifeWorld } from './body.ts';
import { mortalStore } from './mortal-store.ts';

/** Starts a process on the state, wired as app.ts does. */
export function startLife(world: LifeWorld, number: number, openState: (clock: Clock) => Store, files: Files): Life {
  let dead = false;
  const stop = new AbortController();
  const end = (
    how: 'stopped' | 'killed' | 'failed',
    point: string,
    error: string | null,
    down: number | null,
  ): void => {
    if (dead) return;
    dead = true;
    world.journal.add({ kind: 'end', at: world.time.now(), life: number, how, point, error });
    world.ended(life, how, down);
  };
  const life: Life = {
    number,
    isDead: () => dead,
    stop: () => stop.abort(),
    ask: (ruleId, range) => {
      if (!stop.signal.aborted) void opened.then((app) => app.ask(ruleId, range, stop.signal));
    },
    takeOn: (ruleId) => {
      if (!stop.signal.aborted) void opened.then((app) => app.takeOn(ruleId));
    },
    reload: (next) => {
      if (!stop.signal.aborted) void opened.then((app) => app.reload(next));
    },
    kill: (point, down) => end('killed', point, null, down),
  };
  const body: Body = {
    ...world,
    number,
    isDead: () => dead,
    diesAt: (point) => {
      const kill = dead ? null : world.killing.reached(point);
      if (kill) life.kill(point, kill.down);
      return dead;
    },
  };
  world.journal.add({
    kind: 'start',
    at: world.time.now(),
    life: number,
    rules: files.specs,
    skew: world.machine.skew(),
  });
  const clock = world.machine.clock(body.isDead);
  const store = mortalStore(openState(clock), body);
  const opened = openSimApp(body, clock, store, files);
  const running = opened.then(async ({ app, begin }) => {
    await begin();
    await runApp(app, silentLog, stop.signal);
  });
  running.then(
    () => end('stopped', '', null, null),
    (thrown: unknown) =>
      end('failed', '', thrown instanceof Error ? `${thrown.message}\n${thrown.stack ?? ''}` : String(thrown), null),
  );
  return life;
}
