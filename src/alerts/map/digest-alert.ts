import { countOf, cutText } from '../../lib/text.ts';
import type { Severity } from '../../rules/rule.ts';
import type { Row } from '../../sources/source.ts';
import { type Alert, UNSEEN } from '../alert.ts';
import { digestAlertId } from '../alert-id.ts';
import { isoOfMs } from '../event-time.ts';
import { hashText } from '../hash-text.ts';
import { highestSeverity, SEVERITY_NAMES } from '../severity.ts';
import { descriptionOf, titleOf } from './alert-parts.ts';

/** Alerts of one tenant that one target is told of together. */
export interface DigestInput {
  readonly tenant: string;
  readonly target: string;
  /** Epoch ms: when the first of its alerts was committed, and when it is made. */
  readonly from: number;
  readonly to: number;
  /** With the tenant and the target it makes the id. */
  readonly firstMessageId: string;
  readonly counts: readonly { readonly severity: Severity; readonly rule: string; readonly alerts: number }[];
  /** Those that are listed; at least as many are counted. */
  readonly alerts: readonly Alert[];
}

/** Alerts that a digest lists; all of them are counted. */
export const MOST_LISTED = 100;
const LONGEST_CELL = 200;
const MOST_ENTITIES = 3;

/** Stands where an alert has its rule. */
const DIGEST_RULE: Alert['rule'] = {
  id: 'digest',
  name: 'Digest of alerts',
  version: '1.0.0',
  hash: '',
  references: [],
  runbook: null,
  falsePositives: [],
  tags: [],
};

/** One alert for many: their counts in its details, and the first of them, a row each, as its evidence. It is never resolved. */
export function makeDigestAlert(input: DigestInput): Alert {
  const { tenant, target, from, to, counts } = input;
  const total = sumOf(counts);
  const listed = input.alerts.slice(0, MOST_LISTED);
  return {
    schemaVersion: '1.1',
    id: digestAlertId(tenant, target, input.firstMessageId),
    revision: 0,
    kind: 'detection',
    status: 'firing',
    time: isoOfMs(to),
    tenant,
    rule: DIGEST_RULE,
    title: titleOf(`Digest: ${countOf(total, 'alert')} (${severitiesText(counts)})`),
    description: descriptionOf(textOf(input, total, listed)),
    severity: counts.map(({ severity }) => severity).reduce<Severity>(highestSeverity, 'informational'),
    attack: [],
    window: null,
    firstSeen: isoOfMs(from),
    lastSeen: isoOfMs(Math.max(from, to)),
    rowCount: total,
    truncated: false,
    entities: [],
    observables: [],
    details: { alerts: total, listed: listed.length, severities: severitiesText(counts), rules: rulesText(counts) },
    evidence: listed.map(rowOf),
    dedupKey: hashText(JSON.stringify(['digest', tenant, target])),
    suppressedCount: 0,
    runId: '',
    source: 'huntwire',
    ...UNSEEN,
  };
}

type Counts = DigestInput['counts'];

function sumOf(counts: Counts): number {
  return counts.reduce((sum, { alerts }) => sum + alerts, 0);
}

function severitiesText(counts: Counts): string {
  const named = [...SEVERITY_NAMES]
    .reverse()
    .map((name) => [name, sumOf(counts.filter((one) => one.severity === name))]);
  return named.flatMap(([name, count]) => (count === 0 ? [] : [`${count} ${name}`])).join(', ');
}

const MOST_RULES = 20;

function rulesText(counts: Counts): string {
  const rules = [...new Set(counts.map(({ rule }) => rule))];
  const named = rules
    .slice(0, MOST_RULES)
    .map((rule) => `${rule}: ${sumOf(counts.filter((one) => one.rule === rule))}`);
  const rest = rules.length - named.length;
  return rest > 0 ? `${named.join(', ')} and ${countOf(rest, 'more rule')}` : named.join(', ');
}

function textOf({ tenant, from, to }: DigestInput, total: number, listed: readonly Alert[]): string {
  const head = `${countOf(total, 'alert')} of ${tenant} from ${isoOfMs(from)} to ${isoOfMs(to)}.`;
  const more = listed.length < total ? ` The first ${listed.length} are listed, the highest severity first.` : '';
  const lines = listed.map((alert) => `${alert.severity} | ${alert.rule.id} | ${cut(alert.title)}${endOf(alert)}`);
  return [`${head}${more}`, '', ...lines].join('\n');
}

function endOf({ status }: Alert): string {
  return status === 'resolved' ? ' (resolved)' : '';
}

function rowOf(alert: Alert): Row {
  const { time, severity, status, rule, title, entities, id } = alert;
  const named = entities.slice(0, MOST_ENTITIES).map(({ type, name, id: own, address }) => {
    return `${type} ${String(name ?? own ?? address ?? '')}`.trim();
  });
  const cells = { Time: time, Severity: severity, Status: status, Rule: rule.id, Title: cut(title) };
  return { ...cells, Entities: cut(named.join(', ')), AlertId: id };
}

function cut(text: string): string {
  return cutText(text, LONGEST_CELL);
}
