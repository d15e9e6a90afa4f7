import { textInJson } from '../lib/json/text-in-json.ts';
import type { Rule } from '../rules/rule.ts';
import { hashText } from './hash-text.ts';

/** Stands in health alerts' ids where a rule's id stands in others: a health condition belongs to its subject. */
const HEALTH_RULE = 'health';
/** The same for digests, whose alerts are of many rules. */
const DIGEST_RULE = 'digest';
const FORM_VERSION = '1';

type Scope = string | readonly (string | number)[];

/** What an id is made of: content and the rule's own grid of times, never when or how often a run happened. */
export interface IdScope {
  readonly tenant: string;
  readonly ruleId: string;
  /** L in epoch ms. */
  readonly logicalTime: number;
}

/** By what alert ids know a rule: by the first id that it had, so that a new name is no new alert. */
export function idInAlerts({ id, previousIds }: Pick<Rule, 'id' | 'previousIds'>): string {
  return previousIds?.[0] ?? id;
}

/** Gives the ids of row hits that are one new event each: the row key alone decides. */
export function rowAlertIds(scope: Omit<IdScope, 'logicalTime'>): (rowKey: string) => string {
  const head = headOf(scope, 'detection');
  return (rowKey) => idBehind(head, rowKey);
}

/**
 * Id of row hits of a stream that `dedup.columns` merge into one alert. `leastRowKey` is that of the oldest event: whichever later ones a run
 * finds beside it, the id is the same.
 */
export function mergedAlertId(scope: Omit<IdScope, 'logicalTime'>, dedupKey: string, leastRowKey: string): string {
  return alertId(scope, 'detection', [dedupKey, leastRowKey]);
}

/**
 * Id of a hit that can come again under the same key: groups, and rows of sets and snapshots. `logicalTime` is the L of the first
 * telling run, so that the same group a week later is another alert and not a repeat that receivers drop.
 */
export function groupAlertId(scope: IdScope, key: string): string {
  return alertId(scope, 'detection', [key, scope.logicalTime]);
}

export function runAlertId(scope: IdScope): string {
  return alertId(scope, 'detection', [scope.logicalTime]);
}

export function overflowAlertId(scope: IdScope): string {
  return alertId(scope, 'detection', [scope.logicalTime, 'overflow']);
}

/** `since` is the epoch ms at which the condition began: every occurrence has its own id, its resolve has the same. */
export function healthAlertId(tenant: string, code: string, subject: string, since: number): string {
  return alertId({ tenant, ruleId: HEALTH_RULE }, 'health', [code, subject, since]);
}

/** Id of a digest: no message stands in two digests of one target. */
export function digestAlertId(tenant: string, target: string, firstMessageId: string): string {
  return alertId({ tenant, ruleId: DIGEST_RULE }, 'digest', [target, firstMessageId]);
}

type Kind = 'detection' | 'health' | 'digest';

function alertId(scope: Omit<IdScope, 'logicalTime'>, kind: Kind, part: Scope): string {
  return idBehind(headOf(scope, kind), part);
}

/** The JSON list that an id is the hash of, without its last part and its end. */
function headOf({ tenant, ruleId }: Omit<IdScope, 'logicalTime'>, kind: Kind): string {
  return JSON.stringify([FORM_VERSION, tenant, ruleId, kind]).slice(0, -1);
}

function idBehind(head: string, part: Scope): string {
  return hashText(`${head},${typeof part === 'string' ? textInJson(part) : JSON.stringify(part)}]`);
}
