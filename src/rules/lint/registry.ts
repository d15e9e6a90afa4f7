import { attackMissing } from './attack-missing.ts';
import { attackUnknown } from './attack-unknown.ts';
import { beyondRetention } from './beyond-retention.ts';
import type { LintCheck } from './check.ts';
import { columnMissing } from './column-missing.ts';
import { disableUnclear } from './disable-unclear.ts';
import { disableUnused } from './disable-unused.ts';
import { duplicateId } from './duplicate-id.ts';
import { exceptionExpired } from './exception-expired.ts';
import { foldedComment } from './folded-comment.ts';
import { foldedQuery } from './folded-query.ts';
import { limitedRows } from './limited-rows.ts';
import { lookbackBelowSchedule } from './lookback-below-schedule.ts';
import { lookbackBelowTwiceSchedule } from './lookback-below-twice-schedule.ts';
import { lookbackMissing } from './lookback-missing.ts';
import { lookupUnclear } from './lookup-unclear.ts';
import { notRepeatable } from './not-repeatable.ts';
import { overlayTwice } from './overlay-twice.ts';
import { overlayUnmatched } from './overlay-unmatched.ts';
import { ownFilter } from './own-filter.ts';
import { paramUnused } from './param-unused.ts';
import { queryFinding } from './query-finding.ts';
import { queryRepeated } from './query-repeated.ts';
import { reachBeyondLookback } from './reach-beyond-lookback.ts';
import { reachNotConstant } from './reach-not-constant.ts';
import { resultTimeMissing } from './result-time-missing.ts';
import { rowChanges } from './row-changes.ts';
import { rowIdentity } from './row-identity.ts';
import { scheduleBelowMinute } from './schedule-below-minute.ts';
import { shapeContradicted } from './shape-contradicted.ts';
import { snapshotDedup } from './snapshot-dedup.ts';
import { tableWindowShort } from './table-window-short.ts';
import { templateBraces } from './template-braces.ts';
import { testMissing } from './test-missing.ts';
import { unclearFilter } from './unclear-filter.ts';

/** Every check, by name. */
export const LINT_CHECKS: readonly LintCheck[] = [
  attackMissing,
  attackUnknown,
  beyondRetention,
  columnMissing,
  disableUnclear,
  disableUnused,
  duplicateId,
  exceptionExpired,
  foldedComment,
  foldedQuery,
  limitedRows,
  lookbackBelowSchedule,
  lookbackBelowTwiceSchedule,
  lookbackMissing,
  lookupUnclear,
  notRepeatable,
  overlayTwice,
  overlayUnmatched,
  ownFilter,
  paramUnused,
  queryFinding,
  queryRepeated,
  reachBeyondLookback,
  reachNotConstant,
  resultTimeMissing,
  rowChanges,
  rowIdentity,
  scheduleBelowMinute,
  shapeContradicted,
  snapshotDedup,
  tableWindowShort,
  templateBraces,
  testMissing,
  unclearFilter,
];
