import type { Alert } from '../../alerts/alert.ts';
import { factsOf } from '../mapping/facts.ts';
import type { Field } from '../mapping/field.ts';
import { MAPPING, type RowTraits } from '../mapping/mapping.ts';
import { type Draft, draftNested } from '../mapping/nested.ts';
import { type MappedValue, mappedValue } from '../mapping/value.ts';
import { registryPlace } from './registry-place.ts';
import { relatedTo } from './related.ts';

/** The version of ECS whose fields are used. */
const ECS_VERSION = '9.4.0';

/** `event.severity`, and the risk that Elastic's own rules give to a severity. */
const SEVERITIES: Readonly<Record<Alert['severity'], readonly [severity: number, risk: number]>> = {
  informational: [1, 1],
  low: [3, 21],
  medium: [5, 47],
  high: [8, 73],
  critical: [10, 99],
};

const TRANSPORTS = ['tcp', 'udp', 'icmp', 'icmpv6', 'ipv6-icmp', 'sctp'];

/** Lines that have a form of their own in ECS. */
const WRITTEN_BELOW = ['alert.severity', 'rule.attack', 'rule.tags'];

/** What every document has, as far as anything may be left out. */
export function leastDocument(alert: Alert): Draft {
  return {
    '@timestamp': isoOf(Date.parse(alert.time)),
    ecs: { version: ECS_VERSION },
    event: { kind: 'alert', id: alert.id, sequence: alert.revision, severity: SEVERITIES[alert.severity][0] },
    message: alert.title,
    rule: { id: alert.rule.id },
    huntwire: { status: alert.status, evidence_truncated: true },
  };
}

/** One document of the Elastic Common Schema; what it has no field for stands below `huntwire`. */
export function documentOf(alert: Alert): Draft {
  const { document, place } = draftNested();
  const { values, traits } = factsOf(alert);
  for (const [line, field] of MAPPING.entries()) {
    if (WRITTEN_BELOW.includes(`${field.part}.${field.name}`)) continue;
    const value = field.read ? mappedValue(field.kind, field.read(alert)) : values[line];
    const path = pathOf(field, value ?? '', traits);
    if (path !== null && value !== null && value !== undefined) place(path, written(field, value), field.part);
  }
  return {
    ...document,
    ecs: { version: ECS_VERSION },
    event: eventOf(alert, document.event),
    ...hostOf(document.host),
    ...registryPlace(document.registry),
    observer: { vendor: 'Huntwire', product: 'Huntwire' },
    ...(alert.attack.length > 0 && { threat: threatOf(alert) }),
    ...labelsOf(alert),
    ...relatedTo(alert),
    ...(alert.rule.tags.length > 0 && { tags: alert.rule.tags }),
    huntwire: ownOf(alert, document.huntwire),
  };
}

function pathOf({ ecs, ecsOfFiles, name }: Field, value: MappedValue, { ofProcess }: RowTraits): string | null {
  if (name === 'protocol' && !TRANSPORTS.includes(String(value).toLowerCase())) return 'network.protocol';
  return ecsOfFiles !== undefined && !ofProcess ? ecsOfFiles : ecs;
}

/** Elastic writes names of hosts and protocols in lower case, so that they are found. */
function written({ kind, ecs }: Field, value: MappedValue): MappedValue {
  if (kind === 'time' && typeof value === 'number') return isoOf(value);
  return ecs === 'host.name' || ecs === 'network.transport' ? String(value).toLowerCase() : value;
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** Rows of any columns would make a field of each, so they are one text that is kept and not searched. */
function eventOf(alert: Alert, said: unknown): Draft {
  const [severity, risk] = SEVERITIES[alert.severity];
  return {
    kind: 'alert',
    ...(alert.kind === 'detection' && { category: ['intrusion_detection'], type: ['info'] }),
    module: 'huntwire',
    dataset: 'huntwire.alert',
    ...(said as Draft),
    severity,
    risk_score: risk,
    ...(alert.evidence.length > 0 && { original: JSON.stringify(alert.evidence) }),
  };
}

const OS_TYPES: readonly (readonly [RegExp, string])[] = [
  [/^windows/i, 'windows'],
  [/^mac/i, 'macos'],
  [/^(?:ios|ipados)/i, 'ios'],
  [/^android/i, 'android'],
  [/linux|ubuntu|debian|centos|redhat|rhel|suse|fedora/i, 'linux'],
];

function hostOf(host: unknown): Draft {
  const { os, ...rest } = (host ?? {}) as { os?: { name?: string } };
  const type = os?.name === undefined ? undefined : OS_TYPES.find(([pattern]) => pattern.test(os.name ?? ''))?.[1];
  return host === undefined ? {} : { host: { ...rest, ...(os && { os: { ...os, ...(type && { type }) } }) } };
}

function threatOf({ attack }: Alert): Draft {
  const tactics = distinct(attack.map(({ tactic }) => tactic));
  const techniques = distinct(attack.map(({ technique }) => technique));
  const families = distinct(techniques.map((id) => id.split('.')[0] ?? null));
  const below = techniques.filter((id) => id.includes('.'));
  return {
    framework: 'MITRE ATT&CK',
    ...(tactics.length > 0 && { tactic: { id: tactics } }),
    ...(families.length > 0 && {
      technique: { id: families, ...(below.length > 0 && { subtechnique: { id: below } }) },
    }),
  };
}

/** The rule's details; a dot would make an object of a name. */
function labelsOf({ details }: Alert): Draft {
  const labels = Object.entries(details).flatMap(([name, cell]) =>
    cell === null || name === '' ? [] : [[name.replaceAll('.', '_'), String(cell)]],
  );
  return labels.length > 0 ? { labels: Object.fromEntries(labels) } : {};
}

function ownOf(alert: Alert, said: unknown): Draft {
  const { window, health, mappingErrors } = alert;
  return {
    ...(said as Draft),
    kind: alert.kind,
    ...(window && { window }),
    ...(health && { health }),
    ...(alert.truncated && { truncated: true }),
    ...(alert.evidenceTruncated && { evidence_truncated: true }),
    ...(mappingErrors && { mapping_errors: mappingErrors.map(({ column, message }) => `${column}: ${message}`) }),
  };
}

function distinct(ids: readonly (string | null)[]): readonly string[] {
  return [...new Set(ids.filter((id) => id !== null))];
}
