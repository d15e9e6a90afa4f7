import { resolveAfterOf } from '../../alerts/decide/resolve-after.ts';
import type { FiringOfRule } from '../../alerts/firing.ts';
import type { Rule } from '../../rules/rule.ts';
import { ranWith } from '../../run/rule-edits.ts';
import type { RuleState, StoreReader } from '../../state/store.ts';
import { ruleKey } from './runner-row.ts';
import type { FiringRow } from './status-document.ts';

/** A rule as its file is now, and what is remembered of it. */
export interface RuleOfTenant {
  readonly tenant: string;
  readonly rule: Rule;
  readonly state: RuleState | null;
}

/** Alerts whose end was not told yet, those that began first in front. */
export async function firingRows(store: StoreReader, rules: readonly RuleOfTenant[]): Promise<readonly FiringRow[]> {
  const known = new Map(rules.map((one) => [ruleKey(one.tenant, one.rule.id), one]));
  return (await store.allFiring()).map((alert) => firingRow(alert, known.get(ruleKey(alert.tenant, alert.ruleId))));
}

function firingRow(alert: FiringOfRule, known: RuleOfTenant | undefined): FiringRow {
  const { tenant, ruleId, alertId, severity, revision, rowCount, since, toldAt, goneFrom } = alert;
  const ran = known?.state ? ranWith(known.state) : null;
  const afterMs = known && ran ? resolveAfterOf({ ...known.rule, ...ran }) : null;
  return {
    tenant,
    rule: ruleId,
    alertId,
    severity,
    revision,
    rowCount,
    since: iso(since),
    toldAt: iso(toldAt),
    goneFrom: goneFrom === null ? null : iso(goneFrom),
    acknowledged: alert.acknowledged ?? null,
    resolvesAt: goneFrom === null || afterMs === null ? null : iso(goneFrom + afterMs),
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
