import { type Matcher, parseMatcher } from '../alerts/matchers.ts';
import { DAY_MS, formatDuration, MINUTE_MS, parseDuration } from '../lib/duration.ts';
import type { Path } from '../lib/yaml/parse-yaml.ts';
import type { RouteConfig, TargetConfig, WayConfig } from './config.ts';
import { type ConfigReading, reportValue } from './reading.ts';
import { isRecord } from './schema-walk.ts';
import { checkTargetNames } from './targets.ts';

/** `routes` in their order; the frame's schema has said already what has the wrong type. */
export function readRoutes(
  reading: ConfigReading,
  raw: unknown,
  targets: ReadonlyMap<string, TargetConfig>,
): readonly RouteConfig[] {
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((route: unknown, at) =>
    isRecord(route) ? [readRoute(reading, ['routes', at], route, targets)] : [],
  );
}

function readRoute(
  reading: ConfigReading,
  path: Path,
  route: Readonly<Record<string, unknown>>,
  targets: ReadonlyMap<string, TargetConfig>,
): RouteConfig {
  checkTargetNames(reading, targets, [...path, 'targets'], route.targets);
  const names = Array.isArray(route.targets) ? route.targets.filter((name) => typeof name === 'string') : [];
  return {
    match: readMatchers(reading, [...path, 'match'], route.match),
    targets: names,
    continue: route.continue === true,
    ...readDigest(reading, [...path, 'digest'], route.digest),
    ...readEscalation(reading, [...path, 'escalate'], route.escalate, { of: 'route', names, targets }),
  };
}

/** By target how detections reach it where no route says so. */
export function readTargetWays(
  reading: ConfigReading,
  targets: ReadonlyMap<string, TargetConfig>,
): ReadonlyMap<string, WayConfig> {
  const ways = new Map<string, WayConfig>();
  for (const [name, { digest, escalate }] of targets) {
    const path = ['targets', name];
    const of = { of: 'target', names: [name], targets } as const;
    const escalation = readEscalation(reading, [...path, 'escalate'], escalate, of);
    const way = { ...readDigest(reading, [...path, 'digest'], digest), ...escalation };
    if (Object.keys(way).length > 0) ways.set(name, way);
  }
  return ways;
}

function readDigest(reading: ConfigReading, path: Path, raw: unknown): Pick<WayConfig, 'digestMs'> {
  if (!isRecord(raw)) return {};
  const digestMs = readTime(reading, [...path, 'every'], raw.every, 30 * DAY_MS);
  return digestMs === null ? {} : { digestMs };
}

function readEscalation(
  reading: ConfigReading,
  path: Path,
  escalate: unknown,
  {
    of,
    names: own,
    targets,
  }: {
    readonly of: 'route' | 'target';
    readonly names: readonly string[];
    readonly targets: ReadonlyMap<string, TargetConfig>;
  },
): Pick<WayConfig, 'escalation'> {
  if (!isRecord(escalate)) return {};
  checkTargetNames(reading, targets, [...path, 'to'], escalate.to);
  const names = Array.isArray(escalate.to) ? escalate.to.filter((name) => typeof name === 'string') : [];
  for (const [at, name] of names.entries())
    if (own.includes(name))
      reportValue(reading, [...path, 'to', at], `"${name}" gets the alerts of this ${of} already.`);
  const everyMs = readTime(reading, [...path, 'after'], escalate.after, 7 * DAY_MS);
  return everyMs === null ? {} : { escalation: { everyMs, targets: names } };
}

/** Between a minute and `longestMs`; null where it is not, which is reported. */
function readTime(reading: ConfigReading, path: Path, raw: unknown, longestMs: number): number | null {
  const ms = parseDuration(String(raw));
  if (ms === null) return null;
  if (ms >= MINUTE_MS && ms <= longestMs) return ms;
  reportValue(reading, path, `Write at least 1m and at most ${formatDuration(longestMs)}.`);
  return null;
}

/** Each matcher that can be read; the others are reported. */
export function readMatchers(reading: ConfigReading, path: Path, raw: unknown): readonly Matcher[] {
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((text: unknown, at) => {
    if (typeof text !== 'string') return [];
    const parsed = parseMatcher(text);
    if (parsed.kind === 'matcher') return [parsed.matcher];
    reportValue(reading, [...path, at], parsed.message);
    return [];
  });
}
