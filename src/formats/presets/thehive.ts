import type { Alert, Observable } from '../../alerts/alert.ts';
import { visibleLine } from '../../lib/visible.ts';
import { isIpv4, isIpv6 } from '../ip-address.ts';
import { linksOf } from './outline/alert-links.ts';
import { titleLine } from './outline/outline.ts';
import { fenced, fittedText } from './outline/outline-text.ts';
import type { JsonObject, Preset, PresetOptions } from './preset.ts';

const MAX_TITLE = 512;
const MAX_TEXT = 32_000;
const MAX_TAG = 128;
const MAX_OBSERVABLES = 100;
/** Longer ones, such as command lines, stand in the description. */
const MAX_DATA = 512;

/** Types that TheHive has from the start, by ours; what is not here is `other`. */
const DATA_TYPES: ReadonlyMap<string, string> = new Map([
  ['hostname', 'hostname'],
  ['ip', 'ip'],
  ['url', 'url'],
  ['sha256', 'hash'],
  ['sha1', 'hash'],
  ['md5', 'hash'],
  ['file-name', 'filename'],
  ['process-name', 'filename'],
  ['mail-address', 'mail'],
  ['registry-key', 'registry'],
]);

/** What TheHive knows an alert by: there is one of each. */
function referenceOf({ kind, id }: Alert): JsonObject {
  return { type: kind, source: 'Huntwire', sourceRef: id };
}

function alertOf(alert: Alert, options: PresetOptions): JsonObject {
  return {
    ...referenceOf(alert),
    ...changeOf(alert, options),
    date: Date.parse(alert.firstSeen),
    tlp: 2,
    pap: 2,
    observables: observablesOf(alert.observables),
  };
}

/** What later messages set: the same message twice changes nothing. */
function changeOf(alert: Alert, { severities }: PresetOptions): JsonObject {
  return {
    title: titleLine(alert, MAX_TITLE),
    description: descriptionOf(alert),
    severity: Number(severities[alert.severity]),
    tags: tagsOf(alert),
    ...(alert.links?.alert !== undefined && { externalLink: alert.links.alert }),
  };
}

/** Ignored is the status of TheHive's own that closes an alert without a case. */
function resolutionOf(alert: Alert): JsonObject {
  return { status: 'Ignored', summary: `Huntwire: the condition of alert ${alert.id} is gone.` };
}

function searchOf(alert: Alert): JsonObject {
  const equals = Object.entries(referenceOf(alert)).map(([_field, _value]) => ({ _field, _value }));
  return {
    query: [{ _name: 'listAlert' }, { _name: 'filter', _and: equals }, { _name: 'page', from: 0, to: 1 }],
  };
}

function descriptionOf(alert: Alert): string {
  const links = linksOf(alert).map(({ text, href }) => (text === href ? `<${href}>` : `[${text}](<${href}>)`));
  return [fenced(fittedText(alert, MAX_TEXT)), ...links].join('\n\n');
}

function tagsOf({ rule, tenant, attack }: Alert): readonly string[] {
  const techniques = attack.flatMap(({ tactic, technique }) => technique ?? tactic ?? []);
  const tags = [`rule:${rule.id}`, `tenant:${tenant}`, ...techniques, ...rule.tags];
  return [...new Set(tags.map((tag) => visibleLine(tag).trim()))].filter((tag) => tag !== '' && tag.length <= MAX_TAG);
}

/** TheHive refuses an alert in which two observables are the same. */
function observablesOf(observables: readonly Observable[]): readonly JsonObject[] {
  const typed = observables
    .filter(({ value }) => value.trim() !== '' && value.length <= MAX_DATA && !/[\0\r\n]/.test(value))
    .map(({ type, value }) => ({ dataType: dataTypeOf(type, value), data: value.trim(), tags: [type] }));
  const single = new Map(typed.map((one) => [`${one.dataType} ${one.data}`, one]));
  return [...single.values()].slice(0, MAX_OBSERVABLES);
}

/** Analyzers are run by type, and refuse what is none of it. */
const LOOKS_LIKE: Readonly<Record<string, (value: string) => boolean>> = {
  ip: (value) => isIpv4(value) || isIpv6(value),
  hash: (value) => /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(value),
  mail: (value) => /^[^\s@]+@[^\s@]+$/.test(value),
};

function dataTypeOf(type: string, value: string): string {
  const known = DATA_TYPES.get(type) ?? 'other';
  return LOOKS_LIKE[known]?.(value.trim()) === false ? 'other' : known;
}

export const THEHIVE: Preset = {
  name: 'thehive',
  description:
    'An alert with the alert id as `sourceRef`, the source Huntwire and our kind as type; observables in the types that TheHive has, at most 100. Updates set title, description, severity and tags; a resolve sets the status Ignored. Description at most 32,000 characters: rows give way first.',
  severities: { informational: 1, low: 1, medium: 2, high: 3, critical: 4 },
  bodies: { alert: alertOf, change: changeOf, resolution: resolutionOf, search: searchOf },
};
