import { deliverTest, testAsked } from '../actions/asking/send-test-alert.ts';
import type { DeliveryResult } from '../targets/target.ts';
import { openNamedTarget } from './action/open-named-target.ts';
import { noteAsked } from './action/state-deps-of.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { createHost } from './host.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { readWithBlocked } from './read-config.ts';
import { oneLine, printJson, printLine, tint } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

export const sendTest: Verb = (program, world, done) => {
  const command = program.command('send-test');
  withFormat(withConfig(command))
    .argument('<target>', 'name of a configured target')
    .option('--resolve', 'send its resolve, too, once the alert was taken')
    .action(async (target: string, options: SendOptions) => done(await sendOne(world, target, options)));
};

interface SendOptions extends CommonOptions {
  readonly resolve?: boolean;
}

async function sendOne(world: World, name: string, options: SendOptions): Promise<number> {
  const config = readWithBlocked(world, options.config);
  const target = openNamedTarget(name, config, createHost(world, config, 'in-process', 'send-test'));
  try {
    await noteAsked(world, config.state, testAsked(name, options.resolve === true));
    const order = { name, withResolve: options.resolve === true };
    const { alertId, result, resolve } = await deliverTest(target, order, { ...world, config });
    if (options.format === 'json') printJson(world, { target: name, alertId, ...result, ...(resolve && { resolve }) });
    else printLine(world, describe(world, name, alertId, result));
    if (options.format !== 'json' && resolve)
      printLine(world, `its resolve: ${describe(world, name, alertId, resolve)}`);
    return (resolve ?? result).kind === 'delivered' ? EXIT.ok : EXIT.failed;
  } finally {
    await target.close();
  }
}

/** What would become of a real alert, which a test is not. */
const WHAT_FOLLOWS: Readonly<Record<Exclude<DeliveryResult['kind'], 'delivered'>, string>> = {
  again: 'A real alert would be sent again, for up to 72 hours; "huntwire doctor" looks further.',
  blocked: 'Real alerts would wait until this is mended; "huntwire doctor" tells more.',
  refused: 'A real alert would become a dead letter.',
};

function describe(world: World, name: string, alertId: string, result: DeliveryResult): string {
  if (result.kind === 'delivered') return `${tint(world, 'green', 'delivered')} to ${name}: alert ${alertId}`;
  const answer = result.kind === 'refused' && result.answer ? ` It answered "${oneLine(result.answer)}".` : '';
  const failure = tint(world, 'red', 'not delivered');
  return `${failure} to ${name}: ${oneLine(result.reason)}.${answer} ${WHAT_FOLLOWS[result.kind]}`;
}
