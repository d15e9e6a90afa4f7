import type { PlantedAttack } from '../emulator/company/company.ts';
import { MINUTE_MS } from '../lib/duration.ts';
import type { Verb } from './cli.ts';
import { type DemoOptions, type DemoSettings, perform } from './demo/play.ts';
import { createScoreboard, noteMessage, notePost, type Scoreboard } from './demo/scoreboard.ts';
import { createShow, type Show, SILENT_SHOW } from './demo/show.ts';
import { openStage, SHIPPED_RULES, type Stage } from './demo/stage.ts';
import { EXIT } from './exit-codes.ts';
import { withFormat } from './options.ts';
import type { World } from './terminal/world.ts';

export const demo: Verb = (program, world, done) => {
  const command = program
    .command('demo')
    .option('--keep', 'go on until Ctrl-C, so that other verbs can be tried', false);
  withFormat(command).action(async (options: DemoOptions) => done(await runDemo(world, options)));
};

/** A person can follow a minute in a second; where nobody looks on, it is over ten times as soon. */
export function demoSettings({ stdout }: World, { keep }: DemoOptions): DemoSettings {
  const factor = stdout.isTTY || keep ? 60 : 600;
  return { factor, rules: SHIPPED_RULES, lastMs: 90 * MINUTE_MS, patienceMs: 10 * MINUTE_MS };
}

/** Opens, performs and clears away one demo; 5 where an attack was missed or an alert did not come. */
export async function runDemo(
  world: World,
  options: DemoOptions,
  settings: DemoSettings = demoSettings(world, options),
): Promise<number> {
  const begunAt = world.clock.monotonic();
  const show = options.format === 'json' ? SILENT_SHOW : createShow(world);
  show.opening(settings.factor);
  const scoreboard = createScoreboard();
  const stage = await openWatchedStage(world, scoreboard, show, settings);
  try {
    const play = {
      world,
      stage,
      scoreboard,
      show,
      settings,
      from: stage.clock.now(),
      begunAt,
      told: new Set<PlantedAttack>(),
    };
    const report = await perform(play, options);
    return report.ok ? EXIT.ok : EXIT.failed;
  } finally {
    await stage.close();
  }
}

async function openWatchedStage(
  world: World,
  scoreboard: Scoreboard,
  show: Show,
  settings: DemoSettings,
): Promise<Stage> {
  let now = world.clock.now;
  const stage = await openStage(world, {
    ...settings,
    onPost: (post) => {
      const received = notePost(scoreboard, post, now());
      if (received) show.alert(received);
    },
    onMessage: (message) => noteMessage(scoreboard, message),
    onGarbage: (reason) => scoreboard.refused.push(`syslog: ${reason}`),
  });
  now = stage.clock.now;
  scoreboard.attacks.push(...stage.attacks);
  return stage;
}
