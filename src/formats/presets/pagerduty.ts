import type { Alert, AlertEntity } from '../../alerts/alert.ts';
import { cutText } from '../../lib/text.ts';
import { visibleLine } from '../../lib/visible.ts';
import { shrinkAlert } from '../shrink-alert.ts';
import { linksOf } from './outline/alert-links.ts';
import { titleLine } from './outline/outline.ts';
import type { JsonObject, Preset, PresetOptions } from './preset.ts';

const MAX_SUMMARY = 1024;
const MAX_SOURCE = 1024;
const MAX_GROUP = 255;
/** Of the 512 KB that an event may have, with room for what stands around the details. */
const MAX_DETAILS_BYTES = 400_000;

/** Entities that say where something happened, the most telling first. */
const PLACES: readonly AlertEntity['type'][] = ['host', 'account', 'mail', 'ip'];

/**
 * An event of PagerDuty's Events API v2: the alert's id is the `dedup_key`, so that a repeat and an update change the incident that is
 * open and a resolve closes it.
 */
function eventOf(alert: Alert, options: PresetOptions): JsonObject {
  const event = { dedup_key: alert.id, client: 'Huntwire' };
  if (alert.status === 'resolved') return { ...event, event_action: 'resolve' };
  return {
    ...event,
    event_action: 'trigger',
    payload: payloadOf(alert, options),
    links: linksOf(alert),
    ...clientUrl(alert),
  };
}

/** What the name of the client leads to. */
function clientUrl({ links }: Alert): JsonObject {
  return links?.alert === undefined ? {} : { client_url: links.alert };
}

function payloadOf(alert: Alert, { severities }: PresetOptions): JsonObject {
  return {
    summary: titleLine(alert, MAX_SUMMARY),
    source: cutText(visibleLine(placeOf(alert)), MAX_SOURCE),
    severity: severities[alert.severity],
    timestamp: alert.time,
    component: cutText(alert.rule.name, MAX_GROUP),
    group: cutText(alert.tenant, MAX_GROUP),
    class: alert.health ? `health-${alert.health.code}` : cutText(alert.rule.id, MAX_GROUP),
    custom_details: shrinkAlert(alert, MAX_DETAILS_BYTES),
  };
}

/** PagerDuty wants one thing that is affected, and refuses a blank one; the rule where an alert names none. */
function placeOf(alert: Alert): string {
  const { entities, health, rule } = alert;
  for (const type of PLACES) {
    const name = entities.find((entity) => entity.type === type && isNamed(entity.name))?.name;
    if (typeof name === 'string') return name;
  }
  return health ? health.subject : rule.id;
}

function isNamed(name: unknown): boolean {
  return typeof name === 'string' && name.trim() !== '';
}

export const PAGERDUTY: Preset = {
  name: 'pagerduty',
  description:
    'An event of the Events API v2, the alert below `custom_details`: `trigger` while it is firing, `resolve` with the same `dedup_key` (the alert id) when it is resolved. Summary at most 1,024 characters; details shrink as `native` does.',
  severities: { informational: 'info', low: 'warning', medium: 'warning', high: 'error', critical: 'critical' },
  bodies: { event: eventOf },
};
