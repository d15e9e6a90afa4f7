import { ACTIONS } from '../actions/registry.ts';
import { doAction } from './action/do-action.ts';
import type { Verb } from './cli.ts';
import { withConfig } from './options.ts';

export const action: Verb = (program, world, done) => {
  withConfig(program.command('action'))
    .argument('<name>', `one of ${[...ACTIONS.keys()].join(', ')}`)
    .option('--input <file>', 'read the input from a file instead of standard input')
    .action(async (name: string, options: { readonly config: string; readonly input?: string }) =>
      done(await doAction(world, name, options)),
    );
};
