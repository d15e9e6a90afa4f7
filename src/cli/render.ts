import { messageId } from '../alerts/alert.ts';
import { openTarget } from '../app/open-parts.ts';
import type { Config, TargetConfig } from '../config/config.ts';
import { FORMATS } from '../formats/registry.ts';
import { HuntwireError } from '../lib/errors.ts';
import { suggest } from '../lib/nearest.ts';
import { testAlert } from '../outbox/test-alert.ts';
import { openStateReader } from '../state/state-place.ts';
import { renderFrame } from '../targets/syslog/message.ts';
import { messageSettings, type SyslogConfig } from '../targets/syslog/settings.ts';
import type { Delivery, RehearsedRequest, Target } from '../targets/target.ts';
import { alertInFile } from './alert-in-file.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { createHost } from './host.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { readWithBlocked } from './read-config.ts';
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
  const requests = await requestsFor(world, { name, settings, config, ...chosen });
  if (options.format === 'json') printJson(world, requests.length === 1 ? requests[0] : { requests });
  else for (const request of requests) printRequest(world, request);
  return EXIT.ok;
}

/** `receipt`: of the target, where the state has one: a later message goes to the ticket that is there. */
type Chosen = Pick<Delivery, 'alert' | 'receipt'>;

async function chosenAlert(world: World, name: string, config: Config, options: RenderOptions): Promise<Chosen> {
  const { alert, id } = options;
  if (alert !== undefined && id !== undefined) throw new HuntwireError('USAGE', 'Give either --alert or --id.');
  if (alert !== undefined) return { alert: await alertInFile(world, alert), receipt: null };
  if (id !== undefined) return storedAlert(world, name, config, id);
  return { alert: testAlert(config, name, world.clock.now()), receipt: null };
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

interface Rehearsal extends Chosen {
  readonly name: string;
  readonly settings: TargetConfig;
  readonly config: Config;
}

/** What would be sent, in its order; a target of several steps asks further ones by the answers, which say nothing here. */
async function requestsFor(world: World, rehearsal: Rehearsal): Promise<readonly (RehearsedRequest | PlainText)[]> {
  const { name, settings, config, alert, receipt } = rehearsal;
  const requests: RehearsedRequest[] = [];
  const host = createHost(world, config, 'in-process', 'render');
  const target: Target = openTarget(name, settings, host, (request) => requests.push(request));
  const delivery: Delivery = { messageId: messageId(alert), alert, receipt };
  try {
    if (!SPEAKS_NO_HTTP.has(settings.type)) await target.deliver(delivery, world.signal);
    return requests.length > 0 ? requests : [plainText(settings, delivery)];
  } finally {
    await target.close();
  }
}

/** What goes out without a request around it. */
interface PlainText {
  readonly method: null;
  readonly url: null;
  readonly headers: Readonly<Record<string, never>>;
  readonly body: string;
}

/** Their text is the payload, with its frame. */
const SPEAKS_NO_HTTP = new Set(['syslog', 'file', 'stdout']);

function plainText(settings: TargetConfig, delivery: Delivery): PlainText {
  const format = FORMATS.get(String(settings.format ?? 'native'))?.format;
  if (!format) throw new HuntwireError('CONFIG_INVALID', `There is no format "${String(settings.format)}".`);
  const body =
    settings.type === 'syslog'
      ? (renderFrame(messageSettings(settings as SyslogConfig & TargetConfig), format, delivery) ?? '')
      : format(delivery.alert, { maxBytes: null }).body;
  return { method: null, url: null, headers: {}, body };
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
