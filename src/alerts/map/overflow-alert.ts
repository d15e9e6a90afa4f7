import { countOf } from '../../lib/text.ts';
import { type Alert, UNSEEN } from '../alert.ts';
import { idInAlerts, overflowAlertId } from '../alert-id.ts';
import { isoOfMs } from '../event-time.ts';
import { hashText } from '../hash-text.ts';
import type { Overflow } from '../told-hit.ts';
import type { AlertContext } from './alert-context.ts';
import { descriptionOf, ruleOf, titleOf, windowOf } from './alert-parts.ts';
import { attackPairs } from './attack.ts';
import { mergeHits } from './merged-hit.ts';

/** The one alert that stands for all hits beyond `alert.limit`: true counts, no rows. */
export function makeOverflowAlert(context: AlertContext, overflow: Overflow): Alert {
  const { rule, logicalTime } = context;
  const merged = mergeHits(overflow.hits, rule.severity, logicalTime);
  const { atLeast, byKey } = overflow;
  const shown = (key: string): string => context.redactor?.key(key) ?? key;
  const count = `${atLeast ? 'at least ' : ''}${overflow.hits.length}`;
  return {
    schemaVersion: '1.1',
    id: overflowAlertId({ tenant: context.tenant, ruleId: idInAlerts(rule), logicalTime }),
    revision: 0,
    kind: 'detection',
    status: 'firing',
    time: isoOfMs(context.time),
    tenant: context.tenant,
    rule: ruleOf(rule),
    title: titleOf(`${rule.name}: ${count} more hits than told singly`),
    description: descriptionOf(`${explain(overflow, count, rule.alert.limit)}${againText(context)}`),
    severity: merged.severity,
    attack: attackPairs(rule.attack),
    window: windowOf(context.window),
    firstSeen: merged.firstSeen,
    lastSeen: merged.lastSeen,
    rowCount: merged.rowCount,
    truncated: context.truncated,
    entities: [],
    observables: [],
    details: {},
    evidence: [],
    dedupKey: hashText('overflow'),
    suppressedCount: 0,
    runId: context.runId,
    source: context.source,
    overflow: { hits: overflow.hits.length, atLeast, byKey: byKey.map(({ key, hits }) => ({ key: shown(key), hits })) },
    ...UNSEEN,
  };
}

function explain(overflow: Overflow, count: string, limit: number): string {
  const told = `The run found more than its limit of ${countOf(limit, 'alert')}: ${overflow.toldAlerts} ${overflow.toldAlerts === 1 ? 'was' : 'were'} told singly, the severest and newest first.`;
  const rest = `The other hits, ${count}, are in no alert of their own: they are recorded by key and will not be told later by themselves.`;
  const cut = overflow.atLeast ? ' The answer was truncated, so the true number may be greater.' : '';
  return `${told} ${rest}${cut} Narrow the query, add exceptions, group the rows, or raise alert.limit.`;
}

/** How to have them told singly all the same: the source is asked again for what ended at this L. */
function againText({ rule, window, logicalTime }: AlertContext): string {
  if (window === null) return '';
  const from = isoOfMs(rule.effectiveShape === 'set' ? logicalTime - 1 : window.from);
  return ` To have each told: huntwire backfill ${rule.id} --from ${from} --to ${isoOfMs(logicalTime)} --no-limit`;
}
