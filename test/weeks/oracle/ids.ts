import { TRAITS } from '../rule-text.ts';
import type { Scenario } from '../scenario.ts';
import type { ToldHit } from './decisions.ts';
import type { Finding } from './finding.ts';

/**
 * One hit has one id, and one id is one hit. Of a stream that holds whatever happens; of a set by the L that told it, and only while no
 * older state is put back.
 */
export function checkIds(told: readonly ToldHit[], scenario: Scenario): readonly Finding[] {
  const findings: Finding[] = [];
  const families = new Map(scenario.rules.map((rule) => [rule.mark, rule]));
  const names = firstNames(scenario);
  const idOf = new Map<string, string>();
  const contentOf = new Map<string, string>();
  const alerts = new Map<string, ToldHit[]>();
  for (const hit of told) {
    const place = `${hit.alertId} ${hit.at}`;
    alerts.set(place, [...(alerts.get(place) ?? []), hit]);
  }
  for (const hits of alerts.values()) {
    const [first] = hits;
    const spec = first && families.get(first.mark);
    if (!first || !spec) continue;
    const byKey = TRAITS[spec.family].shape === 'stream' && TRAITS[spec.family].per === 'row';
    const keys = hits.map((hit) => hit.key).sort();
    // The columns that make several rows one alert are in its id by what they hold.
    const scope = byKey ? first.dedupKey : first.logicalTime;
    const content = JSON.stringify([names.get(first.ruleId) ?? first.ruleId, keys, scope]);
    const before = idOf.get(content);
    if (before !== undefined && before !== first.alertId) {
      findings.push({
        kind: 'second-id',
        subject: first.ruleId,
        message: `${content} has the ids ${before} and ${first.alertId}`,
      });
    }
    idOf.set(content, first.alertId);
    const other = contentOf.get(first.alertId);
    const merged = spec.dedup !== null;
    if (other !== undefined && other !== content && !merged) {
      findings.push({
        kind: 'one-id-for-two',
        subject: first.ruleId,
        message: `${first.alertId} is ${other} and ${content}`,
      });
    }
    contentOf.set(first.alertId, content);
  }
  return findings;
}

/** A rule that was renamed with its state keeps its first name in the ids of alerts. */
function firstNames({ faults }: Scenario): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const edits = faults.flatMap((fault) => ('edits' in fault ? fault.edits : []));
  for (const { set } of edits) {
    const [old] = set?.previousIds ?? [];
    if (set?.id && old) names.set(set.id, names.get(old) ?? old);
  }
  return names;
}
