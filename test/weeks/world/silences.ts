import { type Matcher, parseMatcher } from '../../../src/alerts/matchers.ts';
import { type Silence, spanOfSilence } from '../../../src/alerts/silences.ts';
import { cronGrid } from '../../../src/rules/cron/cron-grid.ts';
import type { Store } from '../../../src/state/store.ts';
import type { Scenario, SilenceSpec } from '../scenario.ts';

const BY = { owner: 'soc', reason: 'known' };
const HOUR_MS = 3_600_000;

/** Those that are configured, as config/silences.ts makes them. */
export function configuredSilences({ silences = [], start }: Scenario): readonly Silence[] {
  return silences.flatMap((spec): readonly Silence[] => {
    if (spec.counts === 'silenced' && spec.added) return [];
    const match = matchOf(spec).map(readMatcher);
    return [{ ...BY, counts: spec.counts, id: spec.id, match, spanAt: spansOf(spec, Date.parse(start)) }];
  });
}

/** Those that somebody has added before the week began. */
export async function addSilences({ silences = [], start }: Scenario, store: Pick<Store, 'addSilence'>): Promise<void> {
  const begun = Date.parse(start);
  for (const spec of silences) {
    if (spec.counts !== 'silenced' || !spec.added) continue;
    const times = { starts: begun + spec.from * 1000, ends: begun + spec.to * 1000, addedAt: begun };
    await store.addSilence({ ...BY, id: spec.id, match: matchOf(spec), ...times });
  }
}

/** Of what the rule finds, and not of its health. */
function matchOf({ rule }: SilenceSpec): readonly string[] {
  return ['kind="detection"', `rule="${rule}"`];
}

function readMatcher(text: string): Matcher {
  const parsed = parseMatcher(text);
  if (parsed.kind === 'problem') throw new Error(parsed.message);
  return parsed.matcher;
}

function spansOf(spec: SilenceSpec, start: number): Silence['spanAt'] {
  if (spec.counts === 'silenced')
    return spanOfSilence({ starts: start + spec.from * 1000, ends: start + spec.to * 1000 }, start);
  const grid = cronGrid({ kind: 'cron', cron: `0 ${spec.hour} * * *`, timezone: 'UTC', lookbackMs: null });
  return (time) => {
    const since = grid.latest(time);
    const until = (since ?? 0) + spec.hours * HOUR_MS;
    return since !== null && time < until ? { since, until } : null;
  };
}
