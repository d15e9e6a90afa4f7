import { DAY_MS, formatDuration, HOUR_MS, parseDuration } from '../lib/duration.ts';
import type { Path } from '../lib/yaml/parse-yaml.ts';
import type { WindowsConfig } from './config.ts';
import { type ConfigReading, reportValue } from './reading.ts';
import { isRecord } from './schema-walk.ts';

const duration = {
  type: 'string',
  pattern: '^(?:\\d+(?:\\.\\d+)?(?:ms|s|m|h|d))+$',
  'x-hint': 'write a duration such as 90s, 10m, 4h or 3d',
};

const TABLE = '^[A-Za-z_][A-Za-z0-9_]{0,127}$';

/** How windows are made, for all rules. Where a length is left out, the one of `run/windows.ts` holds. */
export const WINDOWS_SECTION = {
  windows: {
    description: 'How windows are made, for all rules.',
    type: 'object',
    additionalProperties: false,
    properties: {
      settle: {
        ...duration,
        description: 'How long a row may take to become visible: streams by ingestion read so much again; default 10m.',
      },
      lateness: {
        ...duration,
        description:
          'How much older than its arrival an event may be and still be found by the normal run; default 3d. Later ones are for the daily sweep.',
      },
      delay: {
        type: ['string', 'object'],
        pattern: duration.pattern,
        'x-hint': 'write a duration such as 2m, or one for each basis: {ingestion: 2m, event: 5m}',
        description: 'How far behind its time a run asks; one length, or one for each basis; default 2m and 5m.',
        additionalProperties: false,
        properties: {
          ingestion: { ...duration, description: 'Of windows by ingestion; default 2m.' },
          event: { ...duration, description: 'Of windows by event time; default 5m.' },
        },
      },
      overlap: {
        description:
          'By table, how much streams by event time read again; default 1h, OfficeActivity 4h. "default" is for tables that are not named.',
        type: 'object',
        propertyNames: { pattern: TABLE, 'x-hint': 'the name of a table, or default' },
        additionalProperties: duration,
      },
    },
  },
} as const;

/** What a length may be, in ms. */
interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Beyond these nothing is left of what a setting is for: the services keep 30 days. */
const BOUNDS = {
  settle: { least: 0, most: DAY_MS },
  lateness: { least: HOUR_MS, most: 29 * DAY_MS },
  delay: { least: 0, most: DAY_MS },
  overlap: { least: 0, most: 7 * DAY_MS },
} as const satisfies Readonly<Record<string, Bounds>>;

/** The lengths that a configuration names, in ms; null where the section is left out. What lies out of bounds is reported. */
export function readWindows(reading: ConfigReading, section: unknown): WindowsConfig | null {
  if (!isRecord(section)) return null;
  const { settle, lateness, delay, overlap } = section;
  const overlaps = isRecord(overlap) ? Object.entries(overlap) : [];
  const byTable = overlaps.flatMap(([table, value]) => {
    const ms = lengthAt(reading, ['overlap', table], value, BOUNDS.overlap);
    return ms === null ? [] : [[table, ms] as const];
  });
  const { default: overlapMs = null, ...overlapByTable } = Object.fromEntries(byTable) as Record<string, number>;
  return Object.freeze({
    settleMs: lengthAt(reading, ['settle'], settle, BOUNDS.settle),
    latenessMs: lengthAt(reading, ['lateness'], lateness, BOUNDS.lateness),
    delayMs: readDelay(reading, delay),
    overlapMs,
    overlapByTable: Object.freeze(overlapByTable),
  });
}

function readDelay(reading: ConfigReading, delay: unknown): WindowsConfig['delayMs'] {
  if (!isRecord(delay)) {
    const ms = lengthAt(reading, ['delay'], delay, BOUNDS.delay);
    return Object.freeze({ ingestion: ms, event: ms });
  }
  const ingestion = lengthAt(reading, ['delay', 'ingestion'], delay.ingestion, BOUNDS.delay);
  return Object.freeze({ ingestion, event: lengthAt(reading, ['delay', 'event'], delay.event, BOUNDS.delay) });
}

/** What is no duration the schema has said already. */
function lengthAt(reading: ConfigReading, path: Path, value: unknown, { least, most }: Bounds): number | null {
  const ms = typeof value === 'string' ? parseDuration(value) : null;
  if (ms === null) return null;
  if (ms >= least && ms <= most) return ms;
  const bounds = `${formatDuration(least)} to ${formatDuration(most)}`;
  reportValue(reading, ['windows', ...path], `"${String(value)}" lies beyond what it may be, ${bounds}.`);
  return null;
}
