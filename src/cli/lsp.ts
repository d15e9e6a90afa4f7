import { Option } from 'commander';
import type { Verb } from './cli.ts';

export const lsp: Verb = (program, world, done) => {
  program
    .command('lsp')
    .option('--config <file>', 'for all files; else each goes by the huntwire.yaml of its folder or of one above')
    .addOption(new Option('--stdio', 'as editors say it: there is no other way').hideHelp())
    .addOption(new Option('--clientProcessId <pid>', 'as editors say it').hideHelp())
    .action(async (options: { readonly config?: string }) => {
      const { serveStdio } = await import('./lsp/serve-stdio.ts');
      done(await serveStdio(world, options.config ?? null));
    });
};
