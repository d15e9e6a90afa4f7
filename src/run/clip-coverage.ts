import { MINUTE_MS } from '../lib/duration.ts';
import type { RunnableRule } from '../rules/rule.ts';
import { entryId, isPending } from './coverage/ledger.ts';
import type { Coverage } from './coverage.ts';

/** Differences below this are those of a `Date` header in whole seconds and of the way. */
const TOLERANCE_MS = MINUTE_MS;

/**
 * The coverage without what lies after `asOf` (the service's time less the delay, epoch ms). Such a part comes from a clock of ours
 * that was fast before the first answer told the service's: its rows had not arrived when it was asked. Pending windows of a stream
 * end at `asOf`, those of a set are left out; the next plan makes them anew.
 */
export function clipCoverage(rule: RunnableRule, coverage: Coverage, asOf: number): Coverage {
  if (coverage.frontier === null || coverage.frontier <= asOf + TOLERANCE_MS) return coverage;
  const ledger = coverage.ledger.flatMap((entry) => {
    if (!isPending(entry) || entry.to <= asOf) return [entry];
    if (rule.effectiveShape === 'set' || entry.from >= asOf) return [];
    const core = { from: entry.from, to: asOf };
    return [{ ...entry, ...core, id: entryId(core), logicalTime: asOf }];
  });
  return { ...coverage, frontier: asOf, ledger };
}
