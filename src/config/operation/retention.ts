import { DAY_MS, formatDuration, parseDuration } from '../../lib/duration.ts';
import type { Config } from '../config.ts';
import { type ConfigReading, reportValue } from '../reading.ts';
import { isRecord } from '../schema-walk.ts';

const DEFAULTS = { alerts: '90d', runs: '30d', deadLetters: '90d', audit: '365d' } as const;

const kept = {
  type: 'string',
  pattern: '^(?:\\d+(?:\\.\\d+)?(?:ms|s|m|h|d))+$',
  'x-hint': 'write a duration such as 30d',
};

/** How `huntwire run` is operated: when it reads its files again, and how long its state keeps what is over. */
export const OPERATION_SECTIONS = {
  watch: {
    type: 'boolean',
    default: false,
    description:
      'Whether huntwire run reads everything again when a file has changed; SIGHUP makes it do so in any case.',
  },
  retention: {
    description: 'How long the state keeps what is over.',
    type: 'object',
    additionalProperties: false,
    default: {},
    properties: {
      alerts: {
        ...kept,
        default: DEFAULTS.alerts,
        description: 'Alerts that were delivered, and what became of them.',
      },
      runs: { ...kept, default: DEFAULTS.runs, description: 'What came of each run.' },
      audit: { ...kept, default: DEFAULTS.audit, description: 'Who changed what, and when.' },
      deadLetters: { ...kept, default: DEFAULTS.deadLetters, description: 'Alerts that no target took.' },
    },
  },
} as const;

/** Less would take away what runs still look for: the services keep rows for 30 days, and a dead letter wants to be noticed. */
const LEAST_MS = { alerts: 7 * DAY_MS, runs: DAY_MS, deadLetters: 7 * DAY_MS, audit: 7 * DAY_MS } as const;
const MOST_MS = 3650 * DAY_MS;

/** How long each is kept, in ms; what lies out of bounds is reported. */
export function readRetention(reading: ConfigReading, section: unknown): Config['retention'] {
  const own = isRecord(section) ? section : {};
  const lengthOf = (key: keyof typeof DEFAULTS): number => {
    const text = typeof own[key] === 'string' ? own[key] : DEFAULTS[key];
    const ms = parseDuration(text) ?? MOST_MS;
    if (ms < LEAST_MS[key] || ms > MOST_MS) {
      const bounds = `${formatDuration(LEAST_MS[key])} to ${formatDuration(MOST_MS)}`;
      reportValue(reading, ['retention', key], `"${text}" lies beyond what it may be, ${bounds}.`);
    }
    return ms;
  };
  return Object.freeze({
    alertsMs: lengthOf('alerts'),
    runsMs: lengthOf('runs'),
    deadLettersMs: lengthOf('deadLetters'),
    auditMs: lengthOf('audit'),
  });
}
