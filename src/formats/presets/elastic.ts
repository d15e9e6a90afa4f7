import type { Alert, AlertEntity } from '../../alerts/alert.ts';
import { cutText } from '../../lib/text.ts';
import { shrinkAlert } from '../shrink-alert.ts';
import type { JsonObject, Preset, PresetOptions } from './preset.ts';

const ECS_VERSION = '8.17.0';
/** Lucene refuses a keyword of more bytes. */
const MAX_KEYWORD = 8191;
const MAX_ALERT_BYTES = 256 * 1024;

/**
 * A document in the Elastic Common Schema. What a rule may name as it likes (details, evidence) is JSON in one text: a field that is a
 * number in one alert and a text in the next would make Elasticsearch refuse the second.
 */
function documentOf(alert: Alert, { severities }: PresetOptions): JsonObject {
  const { rule, entities } = alert;
  return {
    '@timestamp': millisecondsOf(alert.time),
    message: alert.title,
    ecs: { version: ECS_VERSION },
    event: eventOf(alert, severities[alert.severity]),
    rule: {
      id: rule.id,
      name: cutText(rule.name, MAX_KEYWORD),
      version: rule.version,
      description: cutText(alert.description, MAX_KEYWORD),
    },
    tags: rule.tags,
    ...threatOf(alert),
    ...hostOf(entities),
    ...userOf(entities),
    organization: { id: alert.tenant },
    huntwire: {
      id: alert.id,
      revision: alert.revision,
      status: alert.status,
      severity: alert.severity,
      row_count: alert.rowCount,
      alert: JSON.stringify(shrinkAlert(alert, MAX_ALERT_BYTES)),
    },
  };
}

function eventOf(alert: Alert, severity: string | number | undefined): JsonObject {
  return {
    kind: 'alert',
    module: 'huntwire',
    dataset: 'huntwire.alert',
    provider: alert.source,
    id: alert.id,
    action: alert.status,
    ...(Number.isFinite(Number(severity)) && { severity: Number(severity) }),
    start: millisecondsOf(alert.firstSeen),
    end: millisecondsOf(alert.lastSeen),
    ...(alert.rule.runbook !== null && { reference: alert.rule.runbook }),
  };
}

function threatOf({ attack }: Alert): JsonObject {
  const tactics = attack.flatMap(({ tactic }) => tactic ?? []);
  const techniques = attack.flatMap(({ technique }) => technique ?? []);
  if (tactics.length + techniques.length === 0) return {};
  return {
    threat: {
      framework: 'MITRE ATT&CK',
      ...(tactics.length > 0 && { tactic: { id: [...new Set(tactics)] } }),
      ...(techniques.length > 0 && { technique: { id: [...new Set(techniques)] } }),
    },
  };
}

function hostOf(entities: readonly AlertEntity[]): JsonObject {
  const host = entities.find(({ type }) => type === 'host');
  const name = textOf(host?.name).toLowerCase();
  const id = textOf(host?.id);
  if (name === '' && id === '') return {};
  return { host: { ...(name !== '' && { name }), ...(id !== '' && { id }) } };
}

function userOf(entities: readonly AlertEntity[]): JsonObject {
  const account = entities.find(({ type }) => type === 'account');
  const [name, domain, id] = [account?.name, account?.domain, account?.sid].map(textOf);
  if (!name && !id) return {};
  return { user: { ...(name && { name }), ...(domain && { domain }), ...(id && { id }) } };
}

function textOf(cell: unknown): string {
  return typeof cell === 'string' ? cutText(cell, MAX_KEYWORD) : '';
}

/** Elasticsearch's dates have milliseconds unless their mapping says more. */
function millisecondsOf(time: string): string {
  return new Date(time).toISOString();
}

export const ELASTIC: Preset = {
  name: 'elastic',
  description:
    'A document in the Elastic Common Schema: event, rule, threat, host, user; the whole alert as JSON in `huntwire.alert`, shrunk to 256 KB as `native` does.',
  severities: { informational: 21, low: 35, medium: 47, high: 73, critical: 99 },
  bodies: { document: documentOf },
};
