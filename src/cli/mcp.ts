import type { Verb } from './cli.ts';
import { withData } from './data-options.ts';
import { EXIT } from './exit-codes.ts';
import type { AssistantAsked } from './mcp/serve.ts';
import { withConfig } from './options.ts';

export const mcp: Verb = (program, world, done) => {
  const command = withConfig(program.command('mcp'));
  withData(command, 'folder or file of events that run_query looks at')
    .option('--allow-tenant', 'let the assistant ask tenants, which costs quota', false)
    .option('--allow-write', 'let the assistant acknowledge, silence, replay, drop and run', false)
    .action(async (options: AssistantAsked) => {
      await (await import('./mcp/serve.ts')).speakToAssistant(world, options);
      done(EXIT.ok);
    });
};
