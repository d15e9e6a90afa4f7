import type { TargetConfig, TenantConfig } from '../config/config.ts';
import { PRESETS } from '../formats/presets/registry.ts';
import { FORMATS } from '../formats/registry.ts';
import { systemClock } from '../lib/clock.ts';
import { HuntwireError, toHuntwireError } from '../lib/errors.ts';
import { createArrivalBook } from '../run/arrivals/arrival-book.ts';
import { openServiceClock } from '../run/clock/open-clock.ts';
import { type AskedTenant, createErrands } from '../run/desk/errands.ts';
import type { AuthConfig } from '../sources/auth/auth-config.ts';
import { createBlockedSource } from '../sources/blocked-source.ts';
import { createQuotaMeter } from '../sources/quota/quota-meter.ts';
import { SOURCES } from '../sources/registry.ts';
import type { ApiName, Source } from '../sources/source.ts';
import type { Store } from '../state/store.ts';
import { TARGETS } from '../targets/registry.ts';
import type { Target, TargetDeps } from '../targets/target.ts';
import type { Host } from './host.ts';

/** A tenant without its rules; where `mayBlock`, also one that cannot be asked as it is configured. */
export async function openTenant(
  tenant: TenantConfig,
  store: Store,
  host: Host,
  mayBlock = false,
): Promise<Omit<AskedTenant, 'rules'>> {
  const { clock } = host;
  const { name } = tenant;
  const source = mayBlock ? openOrBlock(tenant, store.cache, host) : openSource(tenant, store.cache, host);
  const serviceClock = await openServiceClock(name, source, { clock, cache: store.cache });
  const meter = createQuotaMeter({
    tenant: name,
    api: source.api,
    get limits() {
      return source.quota;
    },
    store: store.quota,
    clock,
    serviceNow: serviceClock.now,
  });
  const arrivals = createArrivalBook(name, source.api, store.cache);
  return { name, source, meter, serviceClock, errands: createErrands(), arrivals };
}

/** The source, or one that stands in its place until it can be opened. */
function openOrBlock(tenant: TenantConfig, cache: Store['cache'], host: Host): Source {
  const open = (): Source => openSource(tenant, cache, host);
  try {
    return open();
  } catch (thrown) {
    const api = tenant.source.api as ApiName;
    return createBlockedSource({ api, reason: toHuntwireError(thrown), open, clock: host.clock });
  }
}

/** The source of a tenant by itself, for verbs that need no state. */
export function openSource(configured: TenantConfig, cache: Store['cache'], host: Host): Source {
  const tenant = configured.blocked?.again() ?? configured;
  if (configured.blocked) host.learnSecrets?.({ tenants: [tenant] });
  const plugin = SOURCES.get(tenant.source.api);
  if (!plugin) throw new HuntwireError('CONFIG_INVALID', `There is no source "${tenant.source.api}".`);
  const { clock, log, version, prompt } = host;
  const auth = tenant.auth as AuthConfig | null;
  return plugin.create(tenant.source, { tenant: tenant.name, auth, clock, log, cache, version, prompt });
}

/** One target by itself, for verbs that need no state; with `rehearse` its requests go there. Targets keep real time: receivers compare it with their own clocks. */
export function openTarget(
  name: string,
  config: TargetConfig,
  host: Host,
  rehearse: TargetDeps['rehearse'] | null = null,
): Target {
  const plugin = TARGETS.get(config.type);
  const format = FORMATS.get(String(config.format ?? 'native'));
  if (!plugin || !format)
    throw new HuntwireError('CONFIG_INVALID', `The target "${name}" has an unknown type or format.`);
  const { log, version } = host;
  return plugin.create(config, {
    name,
    clock: systemClock,
    log,
    version,
    format: format.format,
    preset: PRESETS.get(config.type) ?? null,
    ...(rehearse && { rehearse }),
  });
}
