import { formatDuration } from '../../../lib/duration.ts';
import { cutText } from '../../../lib/text.ts';
import type { RawAlert } from '../../read/raw.ts';
import type { ThresholdOperator } from '../../rule.ts';
import { approximate, honour, type Translation, warnAt, warnUnread } from '../vendor/translation.ts';
import { parseVendorDuration } from '../vendor/vendor-duration.ts';
import {
  booleanOf,
  isVendorObject,
  type VendorMap,
  vendorMap,
  vendorMaps,
  vendorScalar,
} from '../vendor/vendor-map.ts';
import { translateEntities } from './sentinel-entities.ts';

const MAX_TITLE = 2000;
const MAX_DESCRIPTION = 10_000;
const MAX_DETAILS = 100;

/** What alerts of a rule look like, and how many a run makes: one, or one for each row. */
export function translateAlert(translation: Translation, source: VendorMap, operator: ThresholdOperator): RawAlert {
  const { entities, details } = translateEntities(translation, source);
  const override = translateOverride(translation, source);
  const all = { ...translateDetails(translation, source), ...override.details, ...details };
  return {
    per: perOf(translation, source, operator),
    ...override.words,
    ...(entities.length > 0 && { entities }),
    ...(Object.keys(all).length > 0 && { details: Object.fromEntries(Object.entries(all).slice(0, MAX_DETAILS)) }),
    suppress: suppressOf(translation, source),
  };
}

function perOf(translation: Translation, source: VendorMap, operator: ThresholdOperator): 'row' | 'run' {
  const settings = vendorMap(source.value('eventGroupingSettings'), source.at('eventGroupingSettings'));
  const kind = vendorScalar(settings.value('aggregationKind'))?.trim() ?? 'SingleAlert';
  honour(translation, settings, 'aggregationKind', ['alert', 'per']);
  warnUnread(translation, settings);
  const isPerRow = kind.toLowerCase() === 'alertperresult';
  if (!isPerRow && kind.toLowerCase() !== 'singlealert')
    warnAt(translation, settings.at('aggregationKind'), `"${kind}" is not known; it counts as SingleAlert.`);
  if (!isPerRow || operator === '>') return isPerRow ? 'row' : 'run';
  approximate(
    translation,
    settings,
    'aggregationKind',
    'a row that is not there cannot be told, so one alert is made a run',
  );
  return 'run';
}

/** Sentinel holds nothing back unless it is told to. */
function suppressOf(translation: Translation, source: VendorMap): string {
  const enabled = booleanOf(source.value('suppressionEnabled'));
  const duration = source.value('suppressionDuration');
  honour(translation, source, 'suppressionEnabled');
  honour(translation, source, 'suppressionDuration', ['alert', 'suppress']);
  if (enabled !== true) return '0s';
  const read = parseVendorDuration(duration ?? '5h');
  if ('fault' in read) {
    warnAt(translation, source.at('suppressionDuration'), `${read.fault} Nothing is held back.`);
    return '0s';
  }
  approximate(
    translation,
    source,
    'suppressionDuration',
    'the query runs on meanwhile, and what it finds is counted and not told',
  );
  return formatDuration(read.ms);
}

function translateDetails(translation: Translation, source: VendorMap): Readonly<Record<string, string>> {
  const given = source.value('customDetails');
  honour(translation, source, 'customDetails', ['alert', 'details']);
  // A list of maps is a slip that stands in published rules.
  const maps = Array.isArray(given) ? given.filter(isVendorObject) : isVendorObject(given) ? [given] : [];
  const entries = maps
    .flatMap((map) => Object.entries(map))
    .map(([name, column]) => [name, vendorScalar(column)?.trim() ?? '']);
  return Object.fromEntries(entries.filter(([, column]) => column !== ''));
}

interface Override {
  readonly words: Pick<RawAlert, 'title' | 'description' | 'severityColumn'>;
  readonly details: Readonly<Record<string, string>>;
}

function translateOverride(translation: Translation, source: VendorMap): Override {
  const override = vendorMap(source.value('alertDetailsOverride'), source.at('alertDetailsOverride'));
  const title = template(translation, override, 'alertDisplayNameFormat', ['alert', 'title']);
  const description = template(translation, override, 'alertDescriptionFormat', ['alert', 'description']);
  const severityColumn = vendorScalar(override.value('alertSeverityColumnName'))?.trim();
  honour(translation, override, 'alertSeverityColumnName', ['alert', 'severityColumn']);
  const details = overrideDetails(translation, override);
  warnUnread(translation, override);
  return {
    words: {
      ...(title && { title: cutText(title, MAX_TITLE) }),
      ...(description && { description: cutText(description, MAX_DESCRIPTION) }),
      ...(severityColumn && { severityColumn }),
    },
    details,
  };
}

function template(
  translation: Translation,
  override: VendorMap,
  key: string,
  ours: readonly string[],
): string | undefined {
  honour(translation, override, key, ours);
  return vendorScalar(override.value(key))?.trim();
}

/** Properties of an alert of Sentinel that ours do not have stand in the details. */
function overrideDetails(translation: Translation, override: VendorMap): Readonly<Record<string, string>> {
  const details: Record<string, string> = {};
  const tactics = vendorScalar(override.value('alertTacticsColumnName') ?? override.value('alertTactics'))?.trim();
  if (tactics) details.AlertTactics = tactics;
  for (const key of ['alertTacticsColumnName', 'alertTactics', 'alertDynamicProperties'])
    approximate(translation, override, key, 'the column stands in the details');
  const properties = vendorMaps(override.value('alertDynamicProperties'), override.at('alertDynamicProperties'));
  for (const property of properties) {
    const name = vendorScalar(property.value('alertProperty'))?.trim();
    const column = vendorScalar(property.value('value'))?.trim();
    if (!name || !column) continue;
    details[name] = column;
    translation.places.push({ ours: ['alert', 'details', name], theirs: property.at('value') });
  }
  return details;
}
