import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileRegex, type Regex } from '../regex/compile-regex.ts';
import type { ScalarFunction, Value } from '../value.ts';
import { isArray } from '../values/dynamic.ts';
import { defineFor } from './define.ts';

/** One pattern of uap-core: what to look for, and what to write where it is found (`$1` is its first group). */
type Pattern = Readonly<Record<string, string | undefined>>;

type Patterns = Readonly<Record<'user_agent_parsers' | 'os_parsers' | 'device_parsers', readonly Pattern[]>>;

/** A member of an answer: its name, the replacement that a pattern may have for it, and the group that it is without one. */
type Part = readonly [name: string, replacement: string, group: number | null];

interface Target {
  readonly member: string;
  readonly patterns: keyof Patterns;
  readonly parts: readonly Part[];
}

const TARGETS: ReadonlyMap<string, Target> = new Map([
  [
    'browser',
    {
      member: 'Browser',
      patterns: 'user_agent_parsers',
      parts: [
        ['Family', 'family_replacement', 1],
        ['MajorVersion', 'v1_replacement', 2],
        ['MinorVersion', 'v2_replacement', 3],
        ['Patch', 'v3_replacement', 4],
      ],
    },
  ],
  [
    'os',
    {
      member: 'OperatingSystem',
      patterns: 'os_parsers',
      parts: [
        ['Family', 'os_replacement', 1],
        ['MajorVersion', 'os_v1_replacement', 2],
        ['MinorVersion', 'os_v2_replacement', 3],
        ['Patch', 'os_v3_replacement', 4],
        ['PatchMinor', 'os_v4_replacement', 5],
      ],
    },
  ],
  [
    'device',
    {
      member: 'Device',
      patterns: 'device_parsers',
      parts: [
        ['Family', 'device_replacement', 1],
        ['Brand', 'brand_replacement', null],
        ['Model', 'model_replacement', 1],
      ],
    },
  ],
]);

let patterns: Patterns | null = null;

/** Reads the patterns with the first call: 0.2 MB of YAML. */
function loadPatterns(): Patterns {
  if (patterns) return patterns;
  const require = createRequire(import.meta.url);
  const { parse } = require('yaml') as typeof import('yaml');
  patterns = parse(readFileSync(require.resolve('uap-core/regexes.yaml'), 'utf8')) as Patterns;
  return patterns;
}

const compiled = new WeakMap<Pattern, Regex>();

function regexOf(pattern: Pattern): Regex {
  const known = compiled.get(pattern) ?? compileRegex(pattern.regex ?? '', pattern.regex_flag ?? '');
  compiled.set(pattern, known);
  return known;
}

/** What the first pattern that matches says of a user agent; `Other` where none does. */
function describe(text: string, { patterns: kind, parts }: Target): Value {
  for (const pattern of loadPatterns()[kind]) {
    const match = regexOf(pattern).find(text, 0);
    if (match) return new Map(parts.map((part) => [part[0], partOf(part, pattern, match.groups)]));
  }
  return new Map(parts.map(([name]) => [name, name === 'Family' ? 'Other' : '']));
}

function partOf([, replacement, group]: Part, pattern: Pattern, groups: readonly (string | null)[]): string {
  const template = pattern[replacement];
  if (template === undefined) return (group === null ? '' : (groups[group] ?? '')).trim();
  return String(template)
    .replace(/\$(\d)/g, (_, number: string) => groups[Number(number)] ?? '')
    .trim();
}

function targetsOf(wanted: Value): Target[] {
  const names = isArray(wanted) ? wanted : [wanted];
  return names.flatMap((name) => {
    const target = typeof name === 'string' ? TARGETS.get(name.toLowerCase()) : undefined;
    return target ? [target] : [];
  });
}

const KEPT = 10_000;

/** `parse_user_agent(text, "browser" | "os" | "device")`, or an array of them: by the patterns of uap-core, each distinct text once. */
export const USER_AGENT: readonly ScalarFunction[] = [
  defineFor('parse_user_agent', ['string', 'dynamic'], () => {
    const known = new Map<string, Value>();
    const answer = (text: string, target: Target): Value => {
      const key = `${target.member} ${text}`;
      const found = known.get(key) ?? describe(text, target);
      if (known.size >= KEPT) known.clear();
      known.set(key, found);
      return found;
    };
    return (text, wanted) => {
      const targets = targetsOf(wanted);
      return targets.length === 0 ? null : new Map(targets.map((target) => [target.member, answer(text, target)]));
    };
  }),
];
