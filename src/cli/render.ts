import type { Config } from '../config/config.ts';
import { HuntwireError } from '../lib/errors.ts';
import { suggest } from '../lib/nearest.ts';
import { testAlert } from '../outbox/test-alert.ts';
import { openStateReader } from '../state/state-place.ts';
import type { Delivery, RehearsedRequest } from '../targets/target.ts';
import { alertInFile } from './alert-in-file.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { createHost } from './host.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { readWithBlocked } from './read-config.ts';
import { type PlainText, requestsFor } from './render/requests-for.ts';
import { printJson, printLine } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

interface RenderOptions extends CommonOptions {
  readonly alert?: string;
  readonly id?: string;
}

export const render: Verb = (program, world, done) => {
  const command = program.command('render');
  withFormat(withConfig(command))
    .argument('<target>', 'name of a configured target')
    .option('--alert <file>', 'an alert as JSON; - for standard input')
    .option('--id <id>', 'an alert of the state; the beginning of its id will do')
    .action(async (target: string, options: RenderOptions) => done(await renderOne(world, target, options)));
};

async function renderOne(world: World, name: string, options: RenderOptions): Promise<number> {
  const config = readWithBlocked(world, options.config);
  const settings = config.targets.get(name);
  if (!settings)
    throw new HuntwireError('USAGE', `There is no target "${name}".${suggest(name, config.targets.keys())}`);
  const chosen = await chosenAlert(world, name, config, options);
  const requests = await requestsFor(
    { name, settings, ...chosen },
    createHost(world, config, 'in-process', 'render'),
    world.signal,
  );
  if (options.format === 'json') printJson(world, requests.length === 1 ? requests[0] : { requests });
  else for (const request of requests) printRequest(world, request);
  return EXIT.ok;
}

/** Stands for the ticket that the first message of an alert from a file would have made. */
const SOME_TICKET = '(ticket)';

/** `receipt`: of the target, where the state has one: a later message goes to the ticket that is there. */
type Chosen = Pick<Delivery, 'alert' | 'receipt'>;

async function chosenAlert(world: World, name: string, config: Config, options: RenderOptions): Promise<Chosen> {
  const { alert, id } = options;
  if (alert !== undefined && id !== undefined) throw new HuntwireError('USAGE', 'Give either --alert or --id.');
  if (alert !== undefined) return asIfTold(await alertInFile(world, alert));
  if (id !== undefined) return storedAlert(world, name, config, id);
  return { alert: testAlert(config, name, world.clock.now()), receipt: null };
}

/** An update or a resolve goes to the ticket that is there: looking for one, and finding none, would show nothing of what it says. */
function asIfTold(alert: Delivery['alert']): Chosen {
  const isFirst = alert.revision === 0 && alert.status === 'firing';
  return { alert, receipt: isFirst ? null : SOME_TICKET };
}

async function storedAlert(world: World, name: string, { state }: Config, id: string): Promise<Chosen> {
  const store = await openStateReader(state, world);
  try {
    const [alert, another] = await store.alertsById(id);
    if (!alert) throw new HuntwireError('USAGE', `The state has no alert whose id begins with "${id}".`);
    if (another) throw new HuntwireError('USAGE', `The ids of several alerts begin with "${id}".`);
    return { alert, receipt: await store.receiptOf(alert.id, name) };
  } finally {
    await store.close();
  }
}

function printRequest(world: World, { method, url, headers, body }: RehearsedRequest | PlainText): void {
  if (method !== null) printLine(world, `${method} ${url}`);
  for (const [name, value] of Object.entries(headers)) printLine(world, `${name}: ${value}`);
  if (method !== null) printLine(world, '');
  printLine(world, pretty(body));
}

/** JSON for people. */
function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body.trimEnd();
  }
}
