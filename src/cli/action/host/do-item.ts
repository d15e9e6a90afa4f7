import { join } from 'node:path';
import { parseInput } from '../../../actions/parse-input.ts';
import { performAction } from '../../../actions/perform-action.ts';
import { ACTIONS } from '../../../actions/registry.ts';
import { HuntwireError, toHuntwireError } from '../../../lib/errors.ts';
import { suggest } from '../../../lib/nearest.ts';
import { EXIT, exitCodeOf } from '../../exit-codes.ts';
import type { World } from '../../terminal/world.ts';
import { actionDepsOf } from '../action-deps-of.ts';
import { type HostPlace, hostItem, hostObject, isObject, laidOver, requireHostItem } from './host-item.ts';
import { createHostLine, type HostExchange, type HostLine } from './host-line.ts';
import { TRIGGERS, watchAlerts } from './watch-alerts.ts';

/** A process that a host has started for one item, as the hosts of Sekoia's modules do. */
export interface ItemOrder {
  readonly slug: string;
  readonly place: HostPlace;
  readonly exchange: (token: string) => HostExchange;
}

/** Does the item and tells the host what came of it; ends with a failure's exit code only where the host could not be told. */
export async function doItem(world: World, { slug, place, exchange }: ItemOrder): Promise<number> {
  try {
    const line = createHostLine(exchange(requireHostItem(place, 'token')), world.clock, world.signal);
    if (TRIGGERS.has(slug)) await trigger(world, slug, place, line);
    else if (ACTIONS.has(slug)) await act(world, slug, place, line);
    else throw new HuntwireError('USAGE', `There is no item "${slug}".${suggest(slug, ACTIONS.keys())}`);
    return EXIT.ok;
  } catch (thrown) {
    if (world.signal.aborted) return EXIT.ok;
    const { code, message } = toHuntwireError(thrown);
    world.stderr.write(`huntwire: ${message} [${code}]\n`);
    return exitCodeOf(code);
  }
}

async function act(world: World, slug: string, place: HostPlace, line: HostLine): Promise<void> {
  const url = requireHostItem(place, 'url_callback');
  const begun = await line.ask('PATCH', url, { status: 'running', need_secrets: true });
  const secrets = isObject(begun) && isObject(begun.module_configuration) ? begun.module_configuration.value : {};
  await line.ask('PATCH', url, { status: 'finished', ...(await outcomeOf(world, slug, place, secrets)) });
}

async function outcomeOf(world: World, slug: string, place: HostPlace, secrets: unknown): Promise<object> {
  try {
    const action = ACTIONS.get(slug);
    if (!action) throw new HuntwireError('USAGE', `There is no action "${slug}".`);
    const input = parseInput(hostItem(place, 'arguments') ?? '');
    const { world: own, file } = configured(world, place, secrets);
    return { results: await performAction(action, input, actionDepsOf(own, file)) };
  } catch (thrown) {
    const { code, message } = toHuntwireError(thrown);
    return { error: `${message} [${code}]` };
  }
}

async function trigger(world: World, slug: string, place: HostPlace, line: HostLine): Promise<void> {
  const secretsUrl = hostItem(place, 'url_secrets');
  const told = secretsUrl ? await line.ask('GET', secretsUrl) : null;
  const { world: own, file } = configured(world, place, isObject(told) ? told.value : {});
  const url = requireHostItem(place, 'url_callback');
  const { interval } = hostObject(place, 'trigger_configuration');
  await watchAlerts(slug, actionDepsOf(own, file), {
    seconds: typeof interval === 'number' ? interval : null,
    post: async (event) => void (await line.ask('POST', url, event)),
  });
}

/** The configuration is what the host says, with its secrets; it is kept in memory, as if it lay in the working folder. */
function configured(
  world: World,
  place: HostPlace,
  secrets: unknown,
): { readonly world: World; readonly file: string } {
  const said = hostObject(place, 'module_configuration');
  const file = join(world.cwd, 'module_configuration');
  const text = JSON.stringify(laidOver(said, isObject(secrets) ? secrets : {}));
  return { world: { ...world, given: new Map([[file, text]]) }, file };
}
