import type { Severity } from '../../rules/rule.ts';
import type { Row } from '../../sources/source.ts';
import { isBefore, isoOfMs } from '../event-time.ts';
import type { Hit } from '../hit.ts';
import { highestSeverity } from '../severity.ts';

/** The hits of one alert as one: sums, extremes, and their rows one after another. */
export interface MergedHit {
  readonly rows: readonly Row[];
  readonly rowCount: number;
  readonly rowsCut: boolean;
  readonly severity: Severity;
  /** Event times, or L where no row tells one. */
  readonly firstSeen: string;
  readonly lastSeen: string;
}

export function mergeHits(hits: readonly Hit[], severity: Severity, logicalTime: number): MergedHit {
  const [only] = hits;
  return only !== undefined && hits.length === 1 ? asMerged(only, logicalTime) : merged(hits, severity, logicalTime);
}

/** Most alerts are made of one. */
function asMerged({ rows, rowCount, rowsCut, severity, firstSeen, lastSeen }: Hit, logicalTime: number): MergedHit {
  return {
    rows,
    rowCount,
    rowsCut,
    severity,
    firstSeen: firstSeen ?? isoOfMs(logicalTime),
    lastSeen: lastSeen ?? isoOfMs(logicalTime),
  };
}

function merged(hits: readonly Hit[], severity: Severity, logicalTime: number): MergedHit {
  const first = extreme(hits, (hit) => hit.firstSeen, isBefore);
  const last = extreme(
    hits,
    (hit) => hit.lastSeen,
    (one, other) => isBefore(other, one),
  );
  return {
    rows: hits.flatMap((hit) => hit.rows),
    rowCount: hits.reduce((sum, hit) => sum + hit.rowCount, 0),
    rowsCut: hits.some((hit) => hit.rowsCut),
    severity: hits.map((hit) => hit.severity).reduce(highestSeverity, hits[0]?.severity ?? severity),
    firstSeen: first ?? isoOfMs(logicalTime),
    lastSeen: last ?? isoOfMs(logicalTime),
  };
}

function extreme(
  hits: readonly Hit[],
  timeOf: (hit: Hit) => string | null,
  isBetter: (one: string, other: string) => boolean,
): string | null {
  return hits.map(timeOf).reduce((best, time) => {
    if (time === null) return best;
    return best === null || isBetter(time, best) ? time : best;
  }, null);
}
