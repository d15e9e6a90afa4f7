import { HuntwireError } from '../lib/errors.ts';
import { stateName } from '../state/state-place.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { readToLook } from './read-config.ts';
import { lookAtState, withReader } from './status/look-at-state.ts';
import { printStatus } from './status/print-status.ts';
import { printJson } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

interface StatusOptions extends CommonOptions {
  readonly watch: boolean;
  readonly check: boolean;
  readonly every?: string;
}

export const status: Verb = (program, world, done) => {
  const command = program.command('status');
  withFormat(withConfig(command))
    .option('--watch', 'draw it again and again on the terminal, or as a line of JSON, until Ctrl-C', false)
    .option('--every <duration>', `how often, with --watch (default: ${DEFAULT_EVERY})`)
    .option('--check', 'only whether a process runs and goes on: exit code 5 where none does', false)
    .action(async (options: StatusOptions) => done(await showStatus(world, options)));
};

const DEFAULT_EVERY = '2s';

async function showStatus(world: World, options: StatusOptions): Promise<number> {
  if (options.check) {
    const { checkAlive } = await import('./status/check-alive.ts');
    return checkAlive(world, options);
  }
  if (options.watch) {
    const { watchState } = await import('./status/watch/watch-state.ts');
    await watchState(world, { every: DEFAULT_EVERY, ...options });
    return EXIT.ok;
  }
  if (options.every !== undefined) throw new HuntwireError('USAGE', '--every says how often --watch looks: give both.');
  const { config } = readToLook(world, options.config);
  const document = await withReader(world, config, (store) => lookAtState(world, config, store));
  if (options.format === 'json') printJson(world, document);
  else printStatus(world, document, await stateName(config.state));
  return EXIT.ok;
}
