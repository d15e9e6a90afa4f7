import { attackMissing } from './attack-missing.ts';
import { attackUnknown } from './attack-unknown.ts';
import { beyondRetention } from './beyond-retention.ts';
import { callNotOffered } from './call-not-offered.ts';
import { caseUnreached } from './case-unreached.ts';
import type { LintCheck } from './check.ts';
import { columnMissing } from './column-missing.ts';
import { columnUnknown } from './column-unknown.ts';
import { compareNever } from './compare-never.ts';
import { containsWord } from './contains-word.ts';
import { wantedByDefender } from './custom-detection.ts';
import { dedupMissing } from './dedup-missing.ts';
import { disableUnclear } from './disable-unclear.ts';
import { disableUnused } from './disable-unused.ts';
import { duplicateId } from './duplicate-id.ts';
import { entityUnidentified } from './entity-unidentified.ts';
import { exceptionExpired } from './exception-expired.ts';
import { filterLate } from './filter-late.ts';
import { filterMissing } from './filter-missing.ts';
import { foldedComment } from './folded-comment.ts';
import { foldedQuery } from './folded-query.ts';
import { joinKeyTypes } from './join-key-types.ts';
import { joinKindMissing } from './join-kind-missing.ts';
import { limitedRows } from './limited-rows.ts';
import { literalRefused } from './literal-refused.ts';
import { lookbackBelowSchedule } from './lookback-below-schedule.ts';
import { lookbackBelowTwiceSchedule } from './lookback-below-twice-schedule.ts';
import { lookbackMissing } from './lookback-missing.ts';
import { lookupUnclear } from './lookup-unclear.ts';
import { nameCase } from './name-case.ts';
import { nameLetterCase } from './name-letter-case.ts';
import { nameRetired } from './name-retired.ts';
import { newestNeedless } from './newest-needless.ts';
import { notRepeatable } from './not-repeatable.ts';
import { overlayTwice } from './overlay-twice.ts';
import { overlayUnmatched } from './overlay-unmatched.ts';
import { ownFilter } from './own-filter.ts';
import { paramUnused } from './param-unused.ts';
import { queryFinding } from './query-finding.ts';
import { queryRepeated } from './query-repeated.ts';
import { quotaExceeded } from './quota-exceeded.ts';
import { reachBeyondLookback } from './reach-beyond-lookback.ts';
import { reachNotConstant } from './reach-not-constant.ts';
import { regexPlain } from './regex-plain.ts';
import { resultTimeMissing } from './result-time-missing.ts';
import { rowChanges } from './row-changes.ts';
import { rowIdentity } from './row-identity.ts';
import { scheduleBelowMinute } from './schedule-below-minute.ts';
import { searchUnbounded } from './search-unbounded.ts';
import { sentinelFunction } from './sentinel-function.ts';
import { severityUnreached } from './severity-unreached.ts';
import { shapeContradicted } from './shape-contradicted.ts';
import { snapshotDedup } from './snapshot-dedup.ts';
import { tableNotOffered } from './table-not-offered.ts';
import { tableUnknown } from './table-unknown.ts';
import { tableWindowShort } from './table-window-short.ts';
import { templateBraces } from './template-braces.ts';
import { testMissing } from './test-missing.ts';
import { testToothless } from './test-toothless.ts';
import { timeDialect } from './time-dialect.ts';
import { timeUnbinned } from './time-unbinned.ts';
import { unclearFilter } from './unclear-filter.ts';
import { watchlistUnknown } from './watchlist-unknown.ts';

/** Every check, by name. */
export const LINT_CHECKS: readonly LintCheck[] = [
  attackMissing,
  attackUnknown,
  beyondRetention,
  callNotOffered,
  caseUnreached,
  columnMissing,
  columnUnknown,
  compareNever,
  containsWord,
  wantedByDefender,
  dedupMissing,
  disableUnclear,
  disableUnused,
  duplicateId,
  entityUnidentified,
  exceptionExpired,
  filterLate,
  filterMissing,
  foldedComment,
  foldedQuery,
  joinKeyTypes,
  joinKindMissing,
  limitedRows,
  literalRefused,
  lookbackBelowSchedule,
  lookbackBelowTwiceSchedule,
  lookbackMissing,
  lookupUnclear,
  nameCase,
  nameLetterCase,
  nameRetired,
  newestNeedless,
  notRepeatable,
  overlayTwice,
  overlayUnmatched,
  ownFilter,
  paramUnused,
  queryFinding,
  queryRepeated,
  quotaExceeded,
  reachBeyondLookback,
  reachNotConstant,
  regexPlain,
  resultTimeMissing,
  rowChanges,
  rowIdentity,
  scheduleBelowMinute,
  searchUnbounded,
  sentinelFunction,
  severityUnreached,
  shapeContradicted,
  snapshotDedup,
  tableNotOffered,
  tableUnknown,
  tableWindowShort,
  templateBraces,
  testMissing,
  testToothless,
  timeDialect,
  timeUnbinned,
  unclearFilter,
  watchlistUnknown,
];
