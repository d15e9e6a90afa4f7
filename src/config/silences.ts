import { spanOfSilence } from '../alerts/silences.ts';
import { parseDuration } from '../lib/duration.ts';
import type { Path } from '../lib/yaml/parse-yaml.ts';
import { cronFault, isTimezone } from '../rules/cron/cron-fault.ts';
import { cronGrid } from '../rules/cron/cron-grid.ts';
import { scheduleSpacing } from '../rules/cron/spacing.ts';
import { parseInstant } from '../rules/read/instant.ts';
import type { SilenceConfig } from './config.ts';
import { type ConfigReading, reportValue } from './reading.ts';
import { readMatchers } from './routes.ts';
import { isRecord } from './schema-walk.ts';

type Raw = Readonly<Record<string, unknown>>;

const LEAST_MS = 60_000;

/** `silences`; the frame's schema has said already what is missing or has the wrong type. */
export function readSilences(reading: ConfigReading, raw: unknown): readonly SilenceConfig[] {
  return readEach(reading, 'silences', 'id', raw, readSilence);
}

/** `maintenance`; likewise. */
export function readMaintenance(reading: ConfigReading, raw: unknown): readonly SilenceConfig[] {
  return readEach(reading, 'maintenance', 'name', raw, readOneMaintenance);
}

function readEach(
  reading: ConfigReading,
  section: string,
  nameKey: string,
  raw: unknown,
  read: (reading: ConfigReading, path: Path, entry: Raw) => SilenceConfig | null,
): readonly SilenceConfig[] {
  if (!Array.isArray(raw)) return [];
  const names = new Set<unknown>();
  return raw.flatMap((entry: unknown, at) => {
    if (!isRecord(entry)) return [];
    const name = entry[nameKey];
    if (names.has(name))
      reportValue(reading, [section, at, nameKey], `"${name}" is there twice: each has its own name.`);
    names.add(name);
    return read(reading, [section, at], entry) ?? [];
  });
}

function readSilence(reading: ConfigReading, path: Path, entry: Raw): SilenceConfig | null {
  const starts = readInstant(reading, [...path, 'starts'], entry.starts);
  const ends = readInstant(reading, [...path, 'ends'], entry.ends);
  if (ends === null) return null;
  if (starts !== null && starts >= ends) reportValue(reading, [...path, 'ends'], 'It ends before it starts.');
  return {
    ...commonOf(reading, path, entry),
    counts: 'silenced',
    id: String(entry.id),
    ...{ starts, ends },
    spanAt: spanOfSilence({ starts, ends }, 0),
  };
}

function readOneMaintenance(reading: ConfigReading, path: Path, entry: Raw): SilenceConfig | null {
  const { name, cron, duration, timezone = 'UTC' } = entry;
  if (typeof cron !== 'string' || typeof duration !== 'string' || typeof timezone !== 'string') return null;
  const schedule = { kind: 'cron', cron, timezone, lookbackMs: null } as const;
  const durationMs = parseDuration(duration) ?? 0;
  if (!isTimezone(timezone))
    return refuse(
      reading,
      [...path, 'timezone'],
      `"${timezone}" is no time zone: write an IANA name such as Europe/Berlin.`,
    );
  const fault = cronFault(schedule);
  if (fault !== null) return refuse(reading, [...path, 'cron'], fault);
  if (durationMs < LEAST_MS)
    return refuse(
      reading,
      [...path, 'duration'],
      `"${duration}" is no duration of a minute at least: write 2h or 90m.`,
    );
  const shortestMs = scheduleSpacing(schedule)?.shortestMs ?? durationMs;
  if (durationMs > shortestMs)
    return refuse(
      reading,
      [...path, 'duration'],
      'It lasts longer than the time between two of its beginnings: it would never end.',
    );
  const grid = cronGrid(schedule);
  const spanAt: SilenceConfig['spanAt'] = (time) => {
    const since = grid.latest(time);
    return since !== null && time < since + durationMs ? { since, until: since + durationMs } : null;
  };
  return {
    ...commonOf(reading, path, entry),
    counts: 'maintenance',
    id: String(name),
    starts: null,
    ends: null,
    spanAt,
  };
}

function commonOf(reading: ConfigReading, path: Path, entry: Raw): Pick<SilenceConfig, 'match' | 'owner' | 'reason'> {
  const match = readMatchers(reading, [...path, 'match'], entry.match);
  return { match, owner: String(entry.owner), reason: String(entry.reason) };
}

function readInstant(reading: ConfigReading, path: Path, text: unknown): number | null {
  if (typeof text !== 'string') return null;
  const time = parseInstant(text);
  if (time !== null) return time;
  return refuse(
    reading,
    path,
    `"${text}" is no date: write a day such as 2027-03-01 or an instant such as 2027-03-01T08:00:00Z.`,
  );
}

function refuse(reading: ConfigReading, path: Path, message: string): null {
  reportValue(reading, path, message);
  return null;
}
