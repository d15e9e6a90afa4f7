import type { Row } from '../../sources/source.ts';
import { surelyWithin } from '../rough-size.ts';
import { cleanRow, isPlainWithin, type NoteProblem } from './clean-row.ts';

const MAX_EVIDENCE_BYTES = 64 * 1024;
const COMMA = 1;
/** Longest cell in characters; a row that is still too large is cut harder before it is left out. */
const LONGEST_CELL = 16_384;
const CELL_LIMITS = [LONGEST_CELL, 1024, 128];

export interface Evidence {
  readonly rows: readonly Row[];
  /** Rows that were kept for the alert do not fit into it. */
  readonly truncated: boolean;
}

/** The first rows as they may stand in an alert: at most `count` rows and 64 KB of JSON. */
export function mapEvidence(rows: readonly Row[], count: number, note: NoteProblem): Evidence {
  const wanted = rows.length > count ? rows.slice(0, count) : rows;
  if (isPlainWithin(wanted, LONGEST_CELL, MAX_EVIDENCE_BYTES)) return { rows: wanted, truncated: false };
  const measured = !surelyWithin(wanted, MAX_EVIDENCE_BYTES);
  const kept: Row[] = [];
  let room = MAX_EVIDENCE_BYTES;
  for (const row of wanted) {
    const fitted = fitRow(row, room, kept.length === 0, measured, note);
    if (fitted === null) break;
    kept.push(fitted.row);
    room -= fitted.bytes + COMMA;
  }
  return { rows: kept, truncated: kept.length < wanted.length };
}

interface FittedRow {
  readonly row: Row;
  readonly bytes: number;
}

/** Only the first row is cut harder to make it fit: one row in part says more than none. */
function fitRow(row: Row, room: number, isFirst: boolean, measured: boolean, note: NoteProblem): FittedRow | null {
  for (const limit of isFirst ? CELL_LIMITS : CELL_LIMITS.slice(0, 1)) {
    const problems: [string, string][] = [];
    const clean = cleanRow(row, limit, (column, message) => problems.push([column, message]));
    const bytes = measured ? Buffer.byteLength(JSON.stringify(clean)) : 0;
    if (bytes > room) continue;
    for (const [column, message] of problems) note(column, message);
    return { row: clean, bytes };
  }
  return null;
}
