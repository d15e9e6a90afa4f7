import { openSource } from '../../app/open-parts.ts';
import { rulePlacesOf } from '../../config/rule-paths.ts';
import { type Cache, createMemoryCache } from '../../lib/cache.ts';
import type { RulePlaces } from '../../rules/rule-places.ts';
import { windowSettings } from '../../run/opening/window-settings.ts';
import { DEFAULT_WINDOW_SETTINGS, type WindowSettings } from '../../run/windows.ts';
import type { QuotaStore, Source } from '../../sources/source.ts';
import { openMemoryStore } from '../../state/sqlite-store.ts';
import { openState } from '../../state/state-place.ts';
import { openDataSource } from '../../trial/data-source.ts';
import { chooseWholeTenant } from '../choose-tenant.ts';
import { dataPaths, type LocalDataOptions, printNotes } from '../data-options.ts';
import { createHost } from '../host.ts';
import { readWithBlocked } from '../read-config.ts';
import { rulePlaces } from '../rule-paths.ts';
import type { World } from '../terminal/world.ts';

export interface PlaceOptions extends LocalDataOptions {
  readonly config: string;
  readonly tenant?: string;
}

/** Where a backtest asks, and what must be closed behind it. */
export interface BacktestPlace {
  readonly tenant: string;
  readonly source: Source;
  readonly cache: Cache;
  readonly quota: QuotaStore;
  readonly settings: WindowSettings;
  /** Where rules are looked for by id. */
  readonly places: (given?: string) => Promise<RulePlaces>;
  close(): Promise<void>;
}

/** The event files of --data, else the tenant of the configuration. */
export function openPlace(world: World, options: PlaceOptions): Promise<BacktestPlace> {
  return options.data.length === 0 ? openTenantPlace(world, options) : openDataPlace(world, options);
}

async function openDataPlace(world: World, options: PlaceOptions): Promise<BacktestPlace> {
  const { strict = false, dates = null } = options;
  const source = await openDataSource(dataPaths(world, options.data), world.clock, { strict, dates });
  const store = openMemoryStore({ clock: world.clock });
  return {
    tenant: options.tenant ?? 'default',
    source,
    cache: createMemoryCache(),
    quota: store.quota,
    settings: DEFAULT_WINDOW_SETTINGS,
    places: (given) => rulePlaces(world, given === undefined ? [] : [given], options.config),
    close: async () => {
      printNotes(world, source.notes());
      await store.close();
    },
  };
}

/** Calls are counted in the state, beside those of whatever else runs there. */
async function openTenantPlace(world: World, options: PlaceOptions): Promise<BacktestPlace> {
  const config = readWithBlocked(world, options.config);
  const tenant = chooseWholeTenant(config, options.tenant);
  const store = await openState(config.state, world);
  try {
    const source = openSource(tenant, store.cache, createHost(world, config, 'in-process', 'backtest'));
    const close = async (): Promise<void> => {
      await source.close();
      await store.close();
    };
    return {
      tenant: tenant.name,
      source,
      cache: store.cache,
      quota: store.quota,
      settings: windowSettings(config.windows),
      places: async (given) => rulePlacesOf(config, given === undefined ? tenant.rules : [given]),
      close,
    };
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}
