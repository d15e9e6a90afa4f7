import { type Matcher, parseMatcher } from '../alerts/matchers.ts';
import type { Path } from '../lib/yaml/parse-yaml.ts';
import type { RouteConfig, TargetConfig } from './config.ts';
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
  };
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
