import { hostname } from 'node:os';
import type { Host } from '../app/host.ts';
import type { Config } from '../config/config.ts';
import { createKnownSecrets } from '../config/secrets-of.ts';
import { weakSettings } from '../config/weak-settings.ts';
import { createLog } from '../observe/log.ts';
import { runnerKeeping } from './kept/keeping.ts';
import { type Progress, startProgress } from './terminal/progress.ts';
import type { World } from './terminal/world.ts';
import { version } from './version.ts';

/** What the app takes from this process; logs go to stderr. */
export function createHost(world: World, config: Config, place: Host['place'], verb: string): Host {
  const { level } = config.log;
  const format = logFormatOf(config, world);
  const write = (line: string): void => world.stderr.write(line);
  const secrets = createKnownSecrets(world.env);
  secrets.learn(config);
  const log = createLog({ level, format, write, now: world.clock.now, secrets: secrets.texts });
  for (const weakness of weakSettings(config, world.env)) log.warn(weakness);
  let progress: Progress | null = null;
  return {
    clock: world.clock,
    random: world.random,
    version,
    process: { verb, pid: process.pid, machine: hostname() },
    place,
    log,
    learnSecrets: secrets.learn,
    prompt: (message) => world.stderr.write(`${message}\n`),
    keepsRules: runnerKeeping,
    progress: (done, total) => {
      progress ??= startProgress(world, 'analyzing rules', total);
      if (done < total) progress.update(done);
      else progress.stop();
    },
  };
}

/** A person reads text; whoever collects logs from a pipe reads JSON. */
export function logFormatOf({ log }: Pick<Config, 'log'>, { stderr }: Pick<World, 'stderr'>): 'json' | 'text' {
  return log.format === 'auto' ? (stderr.isTTY ? 'text' : 'json') : log.format;
}
