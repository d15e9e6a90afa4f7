import type { PluginSchema } from '../lib/plugin.ts';

interface Described {
  readonly configSchema: PluginSchema;
}

/** What the configuration needs to know of the plugins: their names and schemas. */
export interface Registries {
  /** By the value of `source.api`. */
  readonly sources: ReadonlyMap<string, Described>;
  /** By the value of a target's `type`. */
  readonly targets: ReadonlyMap<string, Described>;
  /** By the value of a target's `format`. */
  readonly formats: ReadonlyMap<string, unknown>;
  readonly auth: PluginSchema;
}
