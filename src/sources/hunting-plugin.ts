import type { Plugin } from '../lib/plugin.ts';
import type { ApiTraits } from './api-traits.ts';
import { createHuntingSource } from './hunting-http.ts';
import type { Source, SourceDeps } from './source.ts';
import { sourceSchema } from './source-config.ts';
import type { SourceConfig } from './source-settings.ts';

/** The plugin of one hunting API: they differ in their traits only. */
export function huntingPlugin(traits: ApiTraits): Plugin<SourceConfig, SourceDeps, Source> {
  return {
    name: traits.api,
    configSchema: sourceSchema(traits),
    create: (config, deps) => createHuntingSource(traits, config, deps),
  };
}
