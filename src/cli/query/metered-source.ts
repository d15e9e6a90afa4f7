import { existsSync } from 'node:fs';
import type { Config } from '../../config/config.ts';
import { formatDuration, MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import { HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import { recordCall } from '../../run/calls/note-call.ts';
import { sendCall } from '../../run/calls/send-query.ts';
import { readSkew } from '../../run/clock/stored-skew.ts';
import { createQuotaMeter, type QuotaMeter } from '../../sources/quota/quota-meter.ts';
import type { Source } from '../../sources/source.ts';
import { openMemoryStore, openSqliteStore } from '../../state/sqlite-store.ts';
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
): Promise<Pick<Source, 'api' | 'query' | 'close'>> {
  if (source.api === 'local') return source;
  const store = openMeterStore(world, config.state.path);
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
  const sending = {
    source,
    admit: () => admitted(world, meter, tenant),
    called: (ended: Parameters<typeof recordCall>[1]) => recordCall(meter, ended),
    monotonic: clock.monotonic,
  };
  return {
    api: source.api,
    query: (request, sink) => sendCall(sending, request, sink),
    close: async () => {
      await source.close();
      await store.close();
    },
  };
}

function openMeterStore(world: World, path: string): Store {
  const { clock } = world;
  if (!existsSync(path)) return openMemoryStore({ clock });
  try {
    return openSqliteStore({ path, clock });
  } catch (thrown) {
    const { message } = toHuntwireError(thrown);
    world.stderr.write(`The query is not counted beside those of a process that runs: ${message}\n`);
    return openMemoryStore({ clock });
  }
}

async function admitted({ clock, signal, stderr }: World, meter: QuotaMeter, tenant: string): Promise<number> {
  const deadline = clock.monotonic() + PATIENCE_MS;
  for (;;) {
    const admission = await meter.admit(LANE);
    if (admission.kind === 'go') return admission.call;
    const waitText = formatDuration(Math.ceil(admission.waitMs / SECOND_MS) * SECOND_MS);
    if (clock.monotonic() + admission.waitMs > deadline) {
      const message = `The quota of tenant ${tenant} has no room before ${waitText} have passed (${admission.reason}). Ask again then.`;
      throw new HuntwireError('SOURCE_QUOTA', message, { retryable: true, retryAfterMs: admission.waitMs });
    }
    if (admission.waitMs > WORTH_TELLING_MS) stderr.write(`Waiting ${waitText} for quota.\n`);
    await clock.sleep(admission.waitMs, signal);
  }
}
