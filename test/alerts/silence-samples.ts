import { type Matcher, parseMatcher } from '../../src/alerts/matchers.ts';
import { type Silence, spanOfSilence } from '../../src/alerts/silences.ts';

export function matchersOf(...texts: readonly string[]): readonly Matcher[] {
  return texts.map((text) => {
    const parsed = parseMatcher(text);
    if (parsed.kind === 'problem') throw new Error(parsed.message);
    return parsed.matcher;
  });
}

const WHO = { owner: 'soc', reason: 'a test' };

export function silence(id: string, match: string, starts: number | null, ends: number): Silence {
  return { counts: 'silenced', id, match: matchersOf(match), ...WHO, spanAt: spanOfSilence({ starts, ends }, 0) };
}

/** Maintenance of one span. */
export function maintenance(id: string, match: string, since: number, until: number): Silence {
  const spanAt = (time: number) => (time >= since && time < until ? { since, until } : null);
  return { counts: 'maintenance', id, match: matchersOf(match), ...WHO, spanAt };
}
