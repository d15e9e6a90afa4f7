import { Option } from 'commander';
import { ACTIONS } from '../actions/registry.ts';
import { type ActionOptions, doAction } from './action/do-action.ts';
import type { Verb } from './cli.ts';
import { withConfig } from './options.ts';
import type { World } from './terminal/world.ts';

export const action: Verb = (program, world, done) => {
  withConfig(program.command('action'))
    .argument('<name>', `one of ${[...ACTIONS.keys()].join(', ')}`)
    .option('--input <file>', 'read the input from a file instead of standard input')
    .option('--symphony', 'as a host that starts a process for each item of a module says it, and told to that host')
    .addOption(new Option('--place <folder>', 'where such a host leaves what it says').default('/symphony').hideHelp())
    .action(async (name: string, options: ActionOptions & HostOptions) => done(await act(world, name, options)));
};

interface HostOptions {
  readonly symphony?: boolean;
  readonly place: string;
}

async function act(world: World, slug: string, options: ActionOptions & HostOptions): Promise<number> {
  if (!options.symphony) return doAction(world, slug, options);
  const { doItem } = await import('./action/host/do-item.ts');
  const { hostExchange } = await import('./action/host/host-exchange.ts');
  return doItem(world, { slug, place: { folder: options.place, env: world.env }, exchange: hostExchange });
}
