import type { Action } from './action.ts';
import { acknowledgeAlert } from './alerts/acknowledge-alert.ts';
import { getAlert } from './alerts/get-alert.ts';
import { listAlerts } from './alerts/list-alerts.ts';
import { runQuery } from './asking/run-query.ts';
import { sendTestAlert } from './asking/send-test-alert.ts';
import { dropDeadLetter } from './letters/drop-dead-letter.ts';
import { listDeadLetters } from './letters/list-dead-letters.ts';
import { replayDeadLetter } from './letters/replay-dead-letter.ts';
import { showDeadLetter } from './letters/show-dead-letter.ts';
import { attackCoverage } from './rehearsed/attack-coverage.ts';
import { backtestOneRule } from './rehearsed/backtest-rule.ts';
import { explainOneRule } from './rehearsed/explain-rule.ts';
import { getStatus } from './rehearsed/get-status.ts';
import { testConnection } from './rehearsed/test-connection.ts';
import { testRules } from './rehearsed/test-rules.ts';
import { validateRules } from './rehearsed/validate-rules.ts';
import { listGaps } from './rules/list-gaps.ts';
import { listRules } from './rules/list-rules.ts';
import { backfillRule } from './running/backfill-rule.ts';
import { reloadAll } from './running/reload.ts';
import { runRules } from './running/run-rule.ts';
import { addSilence } from './silences/add-silence.ts';
import { expireSilence } from './silences/expire-silence.ts';
import { listSilences } from './silences/list-silences.ts';

const ALL: readonly Action[] = [
  ...[runQuery, runRules, listRules, validateRules, testRules, explainOneRule, backtestOneRule, attackCoverage],
  ...[backfillRule, listGaps, testConnection, getStatus],
  ...[listAlerts, getAlert, acknowledgeAlert],
  ...[listSilences, addSilence, expireSilence],
  ...[listDeadLetters, showDeadLetter, replayDeadLetter, dropDeadLetter, sendTestAlert, reloadAll],
];

/** Every action by its slug, in the order of the manifest. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map(ALL.map((action) => [action.slug, action]));
