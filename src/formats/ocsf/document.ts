import type { Alert } from '../../alerts/alert.ts';
import { MAPPING } from '../mapping/mapping.ts';
import { type Draft, draftNested } from '../mapping/nested.ts';
import { mappedValue } from '../mapping/value.ts';
import { revisionId } from '../message-id.ts';
import { activityOf, dispositionOf, OCSF_SEVERITIES, statusOf } from './enums.ts';
import { evidencesOf, subjectOf } from './evidences.ts';
import { observablesWithin } from './observables.ts';
import { isDraft, withoutNothing } from './valid-objects.ts';

/** The version of the schema that documents are written for. */
const OCSF_VERSION = '1.8.0';
/** The profiles that they declare; the second one has places for who took a finding in hand, and for a verdict. */
const PROFILES = ['host'];
const PROFILES_OF_TAKEN = ['host', 'incident'];

const CATEGORY = { category_uid: 2, category_name: 'Findings' };
const CLASS_UID = 2004;
const CLASS_NAME = 'Detection Finding';
const RULE_TYPE = { type_id: 1, type: 'Rule' };
const PRODUCT = { name: 'Huntwire', vendor_name: 'Huntwire' };

/** What every document has, as far as anything may be left out. */
export function leastFinding(alert: Alert): Draft {
  const activity = activityOf(alert);
  const severity = OCSF_SEVERITIES[alert.severity];
  return {
    activity_id: activity.id,
    ...CATEGORY,
    class_uid: CLASS_UID,
    type_uid: CLASS_UID * 100 + activity.id,
    time: Date.parse(alert.time),
    severity_id: severity.id,
    status_id: statusOf(alert).id,
    status_detail: alert.status,
    is_alert: true,
    metadata: {
      version: OCSF_VERSION,
      profiles: PROFILES,
      product: PRODUCT,
      uid: revisionId(alert),
      is_truncated: true,
    },
    finding_info: { uid: alert.id, title: alert.title, analytic: { ...RULE_TYPE, uid: alert.rule.id } },
  };
}

/** A Detection Finding (class 2004) with the profile `host`. */
export function findingOf(alert: Alert): Draft {
  const { activity, severity, status, verdict } = captionsOf(alert);
  const said = saidOf(alert);
  const subject = subjectOf(alert);
  const evidences = evidencesOf(alert, subject);
  return withoutNothing({
    activity_id: activity.id,
    activity_name: activity.caption,
    ...CATEGORY,
    class_uid: CLASS_UID,
    class_name: CLASS_NAME,
    type_uid: CLASS_UID * 100 + activity.id,
    type_name: `${CLASS_NAME}: ${activity.caption}`,
    severity_id: severity.id,
    severity: severity.caption,
    status_id: status.id,
    status: status.caption,
    is_alert: true,
    message: alert.title,
    start_time: Date.parse(alert.firstSeen),
    end_time: Date.parse(alert.lastSeen),
    ...said,
    verdict_id: verdict?.id,
    verdict: verdict?.caption,
    metadata: metadataOf(alert, said.metadata),
    finding_info: findingInfoOf(alert, said.finding_info),
    device: subject.device,
    actor: subject.actor,
    resources: listed(resourcesOf(alert)),
    evidences: listed(evidences),
    observables: listed(observablesWithin(alert, { device: subject.device, evidences })),
    unmapped: unmappedOf(alert, said.unmapped),
  });
}

function captionsOf(alert: Alert) {
  const severity = OCSF_SEVERITIES[alert.severity];
  return { activity: activityOf(alert), severity, status: statusOf(alert), verdict: dispositionOf(alert) };
}

/** Lines that have a form of their own in OCSF. */
const WRITTEN_BELOW = ['alert.severity', 'alert.disposition', 'rule.attack', 'rule.tags'];

/** What the alert says of itself, at the places of the mapping. */
function saidOf(alert: Alert): Draft {
  const { document, place } = draftNested();
  for (const { part, name, kind, read, ocsf } of MAPPING) {
    if (!read || ocsf === null || WRITTEN_BELOW.includes(`${part}.${name}`)) continue;
    const value = mappedValue(kind, read(alert));
    if (value !== null) place(ocsf, value, part);
  }
  return document;
}

function metadataOf(alert: Alert, said: unknown): Draft {
  return {
    version: OCSF_VERSION,
    profiles: alert.acknowledged ? PROFILES_OF_TAKEN : PROFILES,
    product: PRODUCT,
    uid: revisionId(alert),
    original_time: alert.lastSeen,
    ...(isDraft(said) && said),
    ...(alert.rule.tags.length > 0 && { labels: alert.rule.tags }),
    ...(alert.evidenceTruncated && { is_truncated: true }),
  };
}

function findingInfoOf(alert: Alert, said: unknown): Draft {
  const info = isDraft(said) ? said : {};
  const related = relatedOf(alert);
  const attacks = alert.attack.flatMap(attackOf);
  return {
    ...info,
    analytic: { ...RULE_TYPE, ...(isDraft(info.analytic) && info.analytic) },
    ...(alert.revision > 0 && { modified_time: Date.parse(alert.time) }),
    ...(attacks.length > 0 && { attacks }),
    ...(related.length > 0 && { related_events: related }),
  };
}

function attackOf({ tactic, technique }: Alert['attack'][number]): readonly Draft[] {
  const [family] = technique?.split('.') ?? [];
  if (tactic === null && family === undefined) return [];
  return [
    withoutNothing({
      tactic: tactic === null ? null : { uid: tactic },
      technique: family === undefined ? null : { uid: family },
      sub_technique: technique !== null && technique !== family ? { uid: technique } : null,
    }),
  ];
}

/** Alerts of Microsoft that the rows tell of. */
function relatedOf(alert: Alert): readonly Draft[] {
  const ids = alert.evidence.map(({ AlertId }) => AlertId).filter((id) => typeof id === 'string' && id !== '');
  return [...new Set(ids)].map((uid) => ({ uid }));
}

/** Hosts, accounts and applications that it is about. */
function resourcesOf(alert: Alert): readonly Draft[] {
  return alert.entities.flatMap((entity) => {
    if (!['host', 'account', 'app'].includes(entity.type)) return [];
    const uid = textOrNull(entity.id ?? entity.sid ?? entity.objectId);
    const name = textOrNull(entity.name ?? entity.upn);
    return uid === null && name === null ? [] : [withoutNothing({ type: entity.type, uid, name })];
  });
}

/** What OCSF has no place for. */
function unmappedOf(alert: Alert, said: unknown): Draft {
  const { window, details, mappingErrors, overflow, truncated, rule } = alert;
  return withoutNothing({
    ...(isDraft(said) && said),
    window,
    details: Object.keys(details).length > 0 ? details : null,
    overflow,
    truncated: truncated || null,
    mapping_errors: mappingErrors,
    health: alert.health,
    false_positives: listed(rule.falsePositives),
    references: listed(rule.references),
    origin: rule.origin,
    entities: listed(alert.entities),
  });
}

function listed<Item>(items: readonly Item[]): readonly Item[] | null {
  return items.length > 0 ? items : null;
}

function textOrNull(cell: unknown): string | null {
  return typeof cell === 'string' && cell !== '' ? cell : null;
}
