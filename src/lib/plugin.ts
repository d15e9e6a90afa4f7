/**
 * What every file in sources/, targets/ and formats/ exports for its folder's registry: the name it has in the configuration,
 * the JSON Schema (2020-12) of its settings, and how to make one.
 * Annotations that config understands: `format: "password"` makes the value a Secret, `x-path: true` a path relative to the configuration file,
 * `x-headers: true` at `format` lets formats that need headers be chosen.
 */
export interface Plugin<Config, Deps, Part> {
  readonly name: string;
  readonly configSchema: PluginSchema;
  create(config: Config, deps: Deps): Part;
}

/** A JSON Schema object; `additionalProperties: false` on every level. */
export type PluginSchema = Readonly<Record<string, unknown>>;
