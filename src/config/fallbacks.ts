import { DAY_MS, parseDuration } from '../lib/duration.ts';
import { suggest } from '../lib/nearest.ts';
import type { PluginSchema } from '../lib/plugin.ts';
import type { FallbackConfig, TargetConfig } from './config.ts';
import { digestSchema, escalateSchema } from './detour-schema.ts';
import { type ConfigReading, reportValue } from './reading.ts';
import { isRecord } from './schema-walk.ts';

/** Older entries are dead letters whatever happens. */
const LONGEST_MS = 3 * DAY_MS;

/** A key that every target has beside those of its type. */
export const fallbackSchema: PluginSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'Who gets the alerts of this target, too, while it takes none.',
  required: ['target'],
  properties: {
    target: { type: 'string', minLength: 1, description: 'Name of another target.' },
    after: {
      type: 'string',
      default: '10m',
      pattern: '^(?:\\d+(?:\\.\\d+)?(?:ms|s|m|h|d))+$',
      'x-hint': 'write a duration such as 30s, 15m or 4h',
      description: 'For how long this target must have taken nothing; at most 3d.',
    },
  },
};

const shardsSchema: PluginSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 64,
  description:
    'Into how many parts its deliveries are divided, by order keys, so that several processes carry them; default 1. With a state file it changes nothing.',
};

/** The schema of a type of target, with the keys that all targets have. */
export function targetSchemaOf(own: PluginSchema): PluginSchema {
  const made = targetSchemas.get(own) ?? withShared(own);
  targetSchemas.set(own, made);
  return made;
}

/** Made once by what a plugin has, so that it is compiled once for all targets of a type. */
const targetSchemas = new WeakMap<PluginSchema, PluginSchema>();

function withShared({ properties, ...schema }: PluginSchema): PluginSchema {
  const own = isRecord(properties) ? properties : {};
  const shared = { fallback: fallbackSchema, shards: shardsSchema, digest: digestSchema, escalate: escalateSchema };
  return { ...schema, properties: { ...own, ...shared } };
}

/** By target who stands in for it. Reports names that are no target, times that are too long, and circles. */
export function readFallbacks(
  reading: ConfigReading,
  targets: ReadonlyMap<string, TargetConfig>,
): ReadonlyMap<string, FallbackConfig> {
  const fallbacks = new Map<string, FallbackConfig>();
  for (const [name, { fallback }] of targets) {
    if (!isRecord(fallback)) continue;
    const { target } = fallback;
    const afterMs = parseDuration(String(fallback.after));
    const at = ['targets', name, 'fallback'];
    if (afterMs === null || afterMs > LONGEST_MS) reportValue(reading, [...at, 'after'], 'Write at most 3d.');
    else if (typeof target !== 'string' || !targets.has(target))
      reportValue(
        reading,
        [...at, 'target'],
        `There is no target "${target}".${suggest(String(target), targets.keys())}`,
      );
    else fallbacks.set(name, { target, afterMs });
  }
  reportCircles(reading, fallbacks);
  return fallbacks;
}

/** Each circle is told at one of its targets. */
function reportCircles(reading: ConfigReading, fallbacks: ReadonlyMap<string, FallbackConfig>): void {
  const told = new Set<string>();
  for (const name of fallbacks.keys()) {
    const way = [name];
    for (let next = fallbacks.get(name); next && !way.includes(next.target); next = fallbacks.get(next.target))
      way.push(next.target);
    if (fallbacks.get(way.at(-1) ?? '')?.target !== name || way.some((one) => told.has(one))) continue;
    for (const one of way) told.add(one);
    const message = `Fallbacks go round in a circle: ${[...way, name].join(', ')}. With all of them down an alert would go nowhere.`;
    reportValue(reading, ['targets', name, 'fallback', 'target'], message);
  }
}
