import type { Cache } from '../../lib/cache.ts';
import { readRulesOfText, type TextReader, type TextReading } from '../read-text.ts';
import type { ReadRule } from '../readers/reader.ts';
import type { Rule, SourceMap } from '../rule.ts';
import { fromKeptText, keptText } from './kept-text.ts';

/** A place where answers are kept between processes, and what made them: a build of the program has its own. */
export interface Keeping {
  readonly cache: Cache;
  readonly build: string;
  /** A digest of texts. */
  readonly digest: (...parts: readonly string[]) => string;
}

/** One whose place is a file, which is written when it is told to. */
export interface FileKeeping extends Keeping {
  save(): void;
  /** Lets go of the file, with nothing written. */
  leave(): void;
}

interface KeptRule extends Omit<ReadRule, 'rule'> {
  readonly rule: Omit<Rule, 'map'> | null;
  /** What the map tells without being asked, and by what names it is asked. */
  readonly map: { readonly told: Partial<SourceMap>; readonly asked: readonly (keyof SourceMap)[] } | null;
}

interface KeptReading extends Omit<TextReading, 'found'> {
  readonly found: readonly KeptRule[];
}

/**
 * Reads texts that were read before from what is kept of them: where something stands in a file is looked up there when it is asked.
 * `anew` reads the others.
 */
export function createKeptReader({ cache, build, digest }: Keeping, anew: TextReader = readRulesOfText): TextReader {
  return async (file, text) => {
    const key = `rule:${digest(build, file, text)}`;
    const kept = await cache.get(key);
    if (kept !== null) return revived(fromKeptText(kept) as KeptReading, file, text);
    const reading = await anew(file, text);
    const written = keptText(toKept(reading));
    if (written !== null) await cache.set(key, written);
    return reading;
  };
}

function toKept({ refused, found }: TextReading): KeptReading {
  return {
    refused,
    found: found.map(({ rule, problems, verdict }) => {
      if (!rule) return { rule, problems, verdict, map: null };
      const { map, ...plain } = rule;
      const names = Object.keys(map) as (keyof SourceMap)[];
      const asked = names.filter((name) => typeof map[name] === 'function');
      const told = Object.fromEntries(names.filter((name) => !asked.includes(name)).map((name) => [name, map[name]]));
      return { rule: plain, problems, verdict, map: { told, asked } };
    }),
  };
}

function revived({ refused, found }: KeptReading, file: string, text: string): TextReading {
  let again: TextReading | null = null;
  const mapAt = (index: number): SourceMap => {
    again ??= readRulesOfText(file, text);
    const map = again.found[index]?.rule?.map;
    if (!map) throw new TypeError(`What is kept of ${file} is not of this text.`);
    return map;
  };
  const rules = found.map(({ rule, problems, verdict, map }, index) => ({
    rule: rule && map ? Object.freeze({ ...rule, map: lateMap(map, text, () => mapAt(index)) }) : null,
    problems,
    verdict,
  }));
  return { refused, found: rules };
}

/** What is asked is answered by the map of the text, read then; that there is no comment with a word the text itself tells. */
function lateMap({ told, asked }: NonNullable<KeptRule['map']>, text: string, map: () => SourceMap): SourceMap {
  const answers = asked.map((name) => {
    const answer = (...args: readonly unknown[]): unknown => {
      if (name === 'comments' && !text.includes(String(args[0]))) return [];
      return (map()[name] as (...given: readonly unknown[]) => unknown)(...args);
    };
    return [name, answer] as const;
  });
  return Object.freeze({ ...told, ...Object.fromEntries(answers) }) as SourceMap;
}
