import type { PluginSchema } from '../lib/plugin.ts';
import { isRecord } from './schema-walk.ts';

interface Described {
  readonly configSchema: PluginSchema;
}

interface DescribedTarget extends Described {
  readonly journalRefusal?: (settings: Readonly<Record<string, unknown>>) => string | null;
}

/** What a format needs of the target that carries it. */
interface CarriedFormat {
  readonly needsHeaders?: boolean;
}

/** What the configuration needs to know of the plugins: their names and schemas. */
export interface Registries {
  /** By the value of `source.api`. */
  readonly sources: ReadonlyMap<string, Described>;
  /** By the value of a target's `type`. */
  readonly targets: ReadonlyMap<string, DescribedTarget>;
  /** By the value of a target's `format`. */
  readonly formats: ReadonlyMap<string, CarriedFormat | null>;
  readonly auth: PluginSchema;
}

/** Names of the formats that a target with this schema can carry; none where it has no `format`. */
export function carriedFormats(schema: PluginSchema, formats: Registries['formats']): readonly string[] {
  const setting = isRecord(schema.properties) ? schema.properties.format : null;
  if (!isRecord(setting)) return [];
  return [...formats].flatMap(([name, one]) => (one?.needsHeaders && setting['x-headers'] !== true ? [] : [name]));
}
