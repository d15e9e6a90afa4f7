import { type Alert, messageId } from '../alerts/alert.ts';
import { openTarget } from '../app/open-parts.ts';
import { HuntwireError } from '../lib/errors.ts';
import { suggest } from '../lib/nearest.ts';
import type { DeliveryResult, Target } from '../targets/target.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { createHost } from './host.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { readConfig } from './read-config.ts';
import { oneLine, printJson, printLine, tint } from './terminal/print.ts';
import type { World } from './terminal/world.ts';
import { testAlert, testResolve } from './test-alert.ts';

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
  const config = readConfig(world, options.config);
  const settings = config.targets.get(name);
  if (!settings)
    throw new HuntwireError('USAGE', `There is no target "${name}".${suggest(name, config.targets.keys())}`);
  const target = openTarget(name, settings, createHost(world, config, 'in-process', 'send-test'));
  const alert = testAlert(config, name, world.clock.now());
  try {
    const result = await target.deliver({ messageId: alert.id, alert, receipt: null }, world.signal);
    const resolve =
      options.resolve && result.kind === 'delivered' ? await sendResolve(target, alert, result, world) : null;
    if (options.format === 'json')
      printJson(world, { target: name, alertId: alert.id, ...result, ...(resolve && { resolve }) });
    else printLine(world, describe(world, name, alert, result));
    if (options.format !== 'json' && resolve) printLine(world, `its resolve: ${describe(world, name, alert, resolve)}`);
    return (resolve ?? result).kind === 'delivered' ? EXIT.ok : EXIT.failed;
  } finally {
    await target.close();
  }
}

/** With what the target answered to the alert, as the outbox would. */
function sendResolve(
  target: Target,
  alert: Alert,
  { receipt }: Extract<DeliveryResult, { readonly kind: 'delivered' }>,
  { clock, signal }: World,
): Promise<DeliveryResult> {
  const resolved = testResolve(alert, clock.now());
  return target.deliver({ messageId: messageId(resolved), alert: resolved, receipt: receipt ?? null }, signal);
}

/** What would become of a real alert, which a test is not. */
const WHAT_FOLLOWS: Readonly<Record<Exclude<DeliveryResult['kind'], 'delivered'>, string>> = {
  again: 'A real alert would be sent again, for up to 72 hours; "huntwire doctor" looks further.',
  blocked: 'Real alerts would wait until this is mended; "huntwire doctor" tells more.',
  refused: 'A real alert would become a dead letter.',
};

function describe(world: World, name: string, alert: Alert, result: DeliveryResult): string {
  if (result.kind === 'delivered') return `${tint(world, 'green', 'delivered')} to ${name}: alert ${alert.id}`;
  const answer = result.kind === 'refused' && result.answer ? ` It answered "${oneLine(result.answer)}".` : '';
  const failure = tint(world, 'red', 'not delivered');
  return `${failure} to ${name}: ${oneLine(result.reason)}.${answer} ${WHAT_FOLLOWS[result.kind]}`;
}
