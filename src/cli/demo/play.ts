import type { App } from '../../app.ts';
import type { PlantedAttack } from '../../emulator/company/company.ts';
import { MINUTE_MS } from '../../lib/duration.ts';
import type { Commit } from '../../state/store.ts';
import { runApp } from '../run-app.ts';
import { printJson } from '../terminal/print.ts';
import type { World } from '../terminal/world.ts';
import { type DemoReport, demoReport } from './report.ts';
import { areAllFound, isAllReceived, noteCommit, type Scoreboard } from './scoreboard.ts';
import type { Show } from './show.ts';
import type { Stage, StageOptions } from './stage.ts';

export interface DemoOptions {
  readonly keep: boolean;
  readonly format: string;
}

export interface DemoSettings extends Pick<StageOptions, 'factor' | 'rules'> {
  /** What was not found by then, in ms of the demo's own time, was missed. */
  readonly lastMs: number;
  /** So many ms of real time after the verb began, something hangs. */
  readonly patienceMs: number;
}

/** One performance and all that it needs. */
export interface Play {
  readonly world: World;
  readonly stage: Stage;
  readonly scoreboard: Scoreboard;
  readonly show: Show;
  readonly settings: DemoSettings;
  /** Demo time when it began, epoch ms. */
  readonly from: number;
  /** The world's monotonic time when the verb began. */
  readonly begunAt: number;
  /** Attacks that were shown as they happened. */
  readonly told: Set<PlantedAttack>;
}

/** The demo shows at least so much of its own time. */
const SHOWN_MS = 25 * MINUTE_MS;
const LOOK_EVERY_MS = 200;

/** Runs the app as `run` does, shows what happens and stops it. Rejects where the app gave up by itself. */
export async function perform(play: Play, options: DemoOptions): Promise<DemoReport> {
  const { world, stage, scoreboard } = play;
  const stop = new AbortController();
  const end = (): void => stop.abort();
  world.signal.addEventListener('abort', end);
  if (world.signal.aborted) end();
  stage.begin();
  const app = withCommitsSeen(stage.app, (commit) => noteCommit(scoreboard, commit));
  const running = runApp(app, stage.host.log, stop.signal).finally(end);
  try {
    const [report] = await Promise.all([present(play, options, stop.signal).finally(end), running]);
    return report;
  } finally {
    end();
    await Promise.allSettled([running]);
    world.signal.removeEventListener('abort', end);
  }
}

async function present(play: Play, options: DemoOptions, signal: AbortSignal): Promise<DemoReport> {
  const { world, stage, show } = play;
  await watch(play, signal, () => isOver(play));
  const report = reportOf(play);
  show.closing(report);
  if (options.format === 'json') printJson(world, report);
  if (options.keep && !signal.aborted) {
    const { openDemoConsole } = await import('./demo-console.ts');
    const pages = await openDemoConsole(stage.app, stage.host);
    try {
      show.staying(stage.configFile, pages);
      await watch(play, signal, () => false);
    } finally {
      await pages.close();
    }
  }
  return report;
}

/** Tells of attacks as they happen, until it is over or `signal` aborts. */
async function watch({ world, stage, show, told }: Play, signal: AbortSignal, isEnough: () => boolean): Promise<void> {
  while (!signal.aborted && !isEnough()) {
    const now = stage.clock.now();
    for (const attack of stage.attacks.filter((one) => one.at <= now && !told.has(one))) {
      told.add(attack);
      show.attack(attack);
    }
    await world.clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
  }
}

/** Long enough and all found, or too long; and all that was told by then received. Or no patience left. */
function isOver(play: Play): boolean {
  const { stage, scoreboard, settings, from } = play;
  const shownMs = stage.clock.now() - from;
  if (shownMs >= settings.lastMs || (shownMs >= SHOWN_MS && areAllFound(scoreboard))) scoreboard.closed = true;
  return (scoreboard.closed && isAllReceived(scoreboard)) || wallMsOf(play) >= settings.patienceMs;
}

function wallMsOf({ world, begunAt }: Play): number {
  return world.clock.monotonic() - begunAt;
}

function reportOf(play: Play): DemoReport {
  const { world, stage, scoreboard, settings, from } = play;
  const ruleIds = stage.app.tenants.flatMap((tenant) => tenant.rules.map((rule) => rule.id));
  const wallMs = wallMsOf(play);
  const hung = wallMs >= settings.patienceMs;
  const interrupted = world.signal.aborted;
  const times = { from, to: stage.clock.now(), factor: settings.factor, wallMs, hung, interrupted };
  return demoReport(scoreboard, ruleIds, times);
}

/** The same app, with somebody who looks at every commit once it is made. */
function withCommitsSeen(app: App, seen: (commit: Commit) => void): App {
  const { store } = app.runs;
  const commit = async (one: Commit): Promise<void> => {
    await store.commit(one);
    seen(one);
  };
  return { ...app, runs: { ...app.runs, store: { ...store, commit } } };
}
