import { DAY_MS, MINUTE_MS, parseDuration } from '../lib/duration.ts';
import type { Config, TargetConfig } from './config.ts';
import { name } from './name-schema.ts';
import { type ConfigReading, reportValue } from './reading.ts';
import { isRecord } from './schema-walk.ts';
import { checkTargetNames } from './targets.ts';

/** How a process shows that it works, and to whom. */
export const HEALTH_SECTIONS = {
  events: {
    description:
      'Where what happens to runs, alerts and deliveries is told, for those who collect it; left out: nowhere.',
    type: 'object',
    additionalProperties: false,
    minProperties: 1,
    properties: {
      path: { type: 'string', minLength: 1, 'x-path': true, description: 'A file; one JSON object a line.' },
      target: { ...name, description: 'A target that takes more than alerts; each event as JSON.' },
    },
  },
  heartbeat: {
    description: "A sign of life for a dead man's switch: sent while queries are answered; left out: none is sent.",
    type: 'object',
    additionalProperties: false,
    required: ['every', 'target'],
    properties: {
      every: {
        type: 'string',
        pattern: '^(?:\\d+(?:\\.\\d+)?(?:ms|s|m|h|d))+$',
        'x-hint': 'write a duration such as 5m or 1h',
        description: 'How often; 1m to 1d.',
      },
      target: { ...name, description: 'The target that listens for it.' },
    },
  },
} as const;

/** `events`. */
export function readJournalSection(
  reading: ConfigReading,
  raw: unknown,
  targets: ReadonlyMap<string, TargetConfig>,
): Config['events'] {
  if (!isRecord(raw)) return null;
  const path = typeof raw.path === 'string' ? raw.path : null;
  const target = typeof raw.target === 'string' ? raw.target : null;
  checkTargetNames(reading, targets, ['events', 'target'], target);
  const settings = target === null ? undefined : targets.get(target);
  if (target !== null && settings && settings.type !== '') checkCarrier(reading, target, settings);
  return path === null && target === null ? null : { path, target };
}

/** Events have no alert's shape: a ticket or a mail of each would help nobody. */
function checkCarrier(reading: ConfigReading, target: string, settings: TargetConfig): void {
  const { targets } = reading.inputs.registries;
  const refusal = targets.get(settings.type)?.journalRefusal;
  const able = [...targets].flatMap(([type, plugin]) => (plugin.journalRefusal ? [type] : []));
  const why = refusal ? refusal(settings) : `a target of type "${settings.type}" takes alerts only`;
  if (why === null) return;
  const instead = refusal ? 'Name another webhook without one.' : `Events go to ${able.join(', ')}.`;
  reportValue(reading, ['events', 'target'], `"${target}" cannot take events: ${why}. ${instead}`);
}

/** `heartbeat`; the frame's schema has said already what has the wrong type. */
export function readHeartbeat(
  reading: ConfigReading,
  raw: unknown,
  targets: ReadonlyMap<string, TargetConfig>,
): Config['heartbeat'] {
  if (!isRecord(raw) || typeof raw.every !== 'string' || typeof raw.target !== 'string') return null;
  checkTargetNames(reading, targets, ['heartbeat', 'target'], raw.target);
  const everyMs = parseDuration(raw.every);
  if (everyMs === null) return null;
  if (everyMs < MINUTE_MS || everyMs > DAY_MS)
    reportValue(reading, ['heartbeat', 'every'], `"${raw.every}" is out of bounds: write 1m to 1d.`);
  return { everyMs, target: raw.target };
}
