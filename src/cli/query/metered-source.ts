import type { MeteredSource } from '../../actions/action-deps.ts';
import { admitWithin } from '../../actions/asking/admit-within.ts';
import type { Config } from '../../config/config.ts';
import { MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import { HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import { recordCall } from '../../run/calls/note-call.ts';
import { type Sending, sendCall } from '../../run/calls/send-query.ts';
import { readSkew } from '../../run/clock/stored-skew.ts';
import type { Lane } from '../../sources/quota/lanes.ts';
import { createQuotaMeter } from '../../sources/quota/quota-meter.ts';
import type { Source, ToldTables } from '../../sources/source.ts';
import { openMemoryStore } from '../../state/sqlite-store.ts';
import { mayHaveState, openState, type StatePlace } from '../../state/state-place.ts';
import type { Store } from '../../state/store.ts';
import type { World } from '../terminal/world.ts';

/** What a person asks leaves room for rules of high severity. */
const LANE = 'medium';
const PATIENCE_MS = MINUTE_MS;
const WORTH_TELLING_MS = 2 * SECOND_MS;

/**
 * The source on the meter of the state, so that a query counts beside what a daemon asks. Where there is no state yet, or it cannot be
 * used, only its own calls are known. Closing it closes the source.
 */
export async function meteredSource(
  world: World,
  config: Config,
  tenant: string,
  source: Source,
  lane: Lane = LANE,
): Promise<MeteredSource> {
  if (source.api === 'local') return source;
  const store = await openMeterStore(world, config.state);
  const skewMs = (await readSkew(store.cache, tenant)) ?? 0;
  const { clock } = world;
  const meter = createQuotaMeter({
    tenant,
    api: source.api,
    limits: source.quota,
    store: store.quota,
    clock,
    serviceNow: () => clock.now() - skewMs,
  });
  const onWait = (waitMs: number, text: string): void => {
    if (waitMs > WORTH_TELLING_MS) world.stderr.write(`Waiting ${text} for quota.\n`);
  };
  const sending = {
    source,
    admit: () => admitWithin(meter, { tenant, lane, patienceMs: PATIENCE_MS, clock, signal: world.signal, onWait }),
    called: (ended: Parameters<typeof recordCall>[1]) => recordCall(meter, ended),
    monotonic: clock.monotonic,
  };
  return {
    api: source.api,
    query: (request, sink) => sendCall(sending, request, sink),
    ...(source.tables && { tables: (signal) => tellTables(sending, source, signal) }),
    usage: meter.usage,
    close: async () => {
      await source.close();
      await store.close();
    },
  };
}

/** All tables in one call, which is on the meter as a query is. */
async function tellTables(
  sending: Sending,
  { tables }: Pick<Source, 'tables'>,
  signal: AbortSignal,
): Promise<ToldTables> {
  if (!tables) throw new HuntwireError('INTERNAL', 'No call tells all tables.');
  let told: ToldTables['tables'] = new Map();
  const query: Source['query'] = async () => {
    const answer = await tables(signal);
    told = answer.tables;
    return answer.end;
  };
  const sink = { schema: () => undefined, row: () => undefined };
  const end = await sendCall({ ...sending, source: { query } }, { ruleId: 'schema', query: '', signal }, sink);
  return { tables: told, end };
}

async function openMeterStore(world: World, place: StatePlace): Promise<Store> {
  const { clock } = world;
  if (!mayHaveState(place)) return openMemoryStore({ clock });
  try {
    return await openState(place, { clock });
  } catch (thrown) {
    const { message } = toHuntwireError(thrown);
    world.stderr.write(`The query is not counted beside those of a process that runs: ${message}\n`);
    return openMemoryStore({ clock });
  }
}
