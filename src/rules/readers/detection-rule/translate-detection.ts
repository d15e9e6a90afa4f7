import { cutText } from '../../../lib/text.ts';
import type { RawAlert, RawRule } from '../../read/raw.ts';
import type { ReadRule } from '../reader.ts';
import {
  approximate,
  finishTranslation,
  honour,
  ignore,
  refuseAt,
  type Translation,
  warnAt,
  warnUnread,
} from '../vendor/translation.ts';
import { addTactics, addTechniques, type VendorAttack } from '../vendor/vendor-attack.ts';
import { originData } from '../vendor/vendor-data.ts';
import {
  booleanOf,
  isVendorObject,
  queryText,
  type VendorMap,
  vendorMap,
  vendorMaps,
  vendorScalar,
} from '../vendor/vendor-map.ts';
import { vendorId, vendorName, vendorSeverity, vendorTags, vendorText } from '../vendor/vendor-words.ts';
import { type TranslatedAssets, translateAssets } from './detection-entities.ts';
import { translateGraphSchedule } from './detection-schedule.ts';

/** The parts of a rule, whatever its shape. */
interface Parts {
  readonly source: VendorMap;
  readonly condition: VendorMap;
  readonly schedule: VendorMap;
  readonly action: VendorMap;
  readonly template: VendorMap;
}

function partsOf(source: VendorMap): Parts {
  const part = (map: VendorMap, key: string): VendorMap => vendorMap(map.value(key), map.at(key));
  const action = part(source, 'detectionAction');
  return {
    source,
    condition: part(source, 'queryCondition'),
    schedule: part(source, 'schedule'),
    action,
    template: part(action, 'alertTemplate'),
  };
}

const READ_ONLY = [
  'createdBy',
  'createdDateTime',
  'lastModifiedBy',
  'lastModifiedDateTime',
  'lastRunDetails',
  'detectorId',
];
const ACTIONS = ['automatedActions', 'responseActions'] as const;

/** A custom detection rule of Defender in any of its three shapes, or in two at once, as Graph answers meanwhile: an alert for each row, rows about the same merged. */
export function translateGraphRule(translation: Translation, source: VendorMap): ReadRule {
  const parts = partsOf(source);
  const query = queryText(parts.condition.value('queryText'));
  if (query === null) {
    refuseAt(translation, parts.condition.path, 'The rule has no query ("queryCondition.queryText").');
    return finishTranslation(translation, null);
  }
  const attack = attackOf(translation, parts.template);
  const assets = translateAssets(translation, parts.template);
  const raw: RawRule = {
    ...namesOf(translation, parts),
    ...(attack.ids.length > 0 && { attack: attack.ids.slice(0, 50) }),
    ...(attack.others.length > 0 && { tags: vendorTags([], attack.others) }),
    query,
    schedule: translateGraphSchedule(translation, parts.schedule),
    window: { basis: 'ingestion', keepFilters: 'sets' },
    alert: alertOf(translation, parts, assets),
    origin: { format: 'detection-rule', ...dataOf(translation, parts) },
  };
  honour(translation, parts.condition, 'queryText', ['query']);
  tellUnread(translation, parts);
  return finishTranslation(translation, raw);
}

type NameFields = Pick<RawRule, 'id' | 'name' | 'description' | 'severity' | 'status' | 'runbook'>;

function namesOf(translation: Translation, { source, template }: Parts): NameFields {
  const name = vendorScalar(source.value('displayName') ?? template.value('title'));
  const id = vendorId(source.value('id') ?? source.value('detectorId'), [name], translation.document.file);
  const description = vendorText(source.value('description') ?? template.value('description'));
  const runbook = vendorScalar(template.value('recommendedActions'))?.trim();
  for (const key of ['id', 'description'] as const) honour(translation, source, key, [key]);
  honour(translation, source, 'displayName', ['name']);
  honour(translation, template, 'severity', ['severity']);
  honour(translation, template, 'recommendedActions', ['runbook']);
  translation.places.push({ ours: [], theirs: source.path });
  return {
    id,
    name: vendorName(name ?? '') || id,
    ...(description !== '' && { description }),
    severity: vendorSeverity(translation, template.value('severity'), template.at('severity')),
    ...statusOf(translation, source),
    ...(runbook && { runbook: cutText(runbook, 10_000) }),
  };
}

function statusOf(translation: Translation, source: VendorMap): Pick<RawRule, 'status'> {
  honour(translation, source, 'status', ['status']);
  honour(translation, source, 'isEnabled', ['status']);
  const status = vendorScalar(source.value('status'))?.trim().toLowerCase();
  if (status === 'autodisabled') warnAt(translation, source.at('status'), 'Defender has disabled the rule by itself.');
  const isOff = status === undefined ? booleanOf(source.value('isEnabled')) === false : status !== 'enabled';
  return isOff ? { status: 'disabled' } : {};
}

function attackOf(translation: Translation, template: VendorMap): VendorAttack {
  const attack: VendorAttack = { ids: [], others: [] };
  honour(translation, template, 'tactics', ['attack']);
  honour(translation, template, 'category', ['attack']);
  honour(translation, template, 'mitreTechniques', ['attack']);
  const tactics = template.value('tactics');
  const tree = Array.isArray(tactics) && tactics.some(isVendorObject);
  if (!tree) addTactics(translation, attack, tactics, template.at('tactics'));
  else for (const one of vendorMaps(tactics, template.at('tactics'))) addTacticTree(translation, attack, one);
  addTactics(translation, attack, template.value('category'), template.at('category'));
  addTechniques(translation, attack, template.value('mitreTechniques'), template.at('mitreTechniques'));
  return attack;
}

function addTacticTree(translation: Translation, attack: VendorAttack, tree: VendorMap): void {
  addTactics(translation, attack, tree.value('tactic'), tree.at('tactic'));
  for (const one of vendorMaps(tree.value('techniques'), tree.at('techniques'))) {
    addTechniques(translation, attack, one.value('technique'), one.at('technique'));
    addTechniques(translation, attack, one.value('subTechniques'), one.at('subTechniques'));
  }
}

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;
/** As many columns as a dedup key has at most. */
const MOST_COLUMNS = 20;

function alertOf(translation: Translation, { template }: Parts, assets: TranslatedAssets): RawAlert {
  const title = vendorScalar(template.value('title'))?.trim();
  const description = vendorScalar(template.value('description'))?.trim();
  const custom = customDetails(translation, template);
  const placeholders = [...`${title ?? ''} ${description ?? ''}`.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  const columns = [...new Set([...assets.columns, ...Object.values(custom), ...placeholders])].filter(Boolean);
  const details = { ...custom, ...assets.details };
  honour(translation, template, 'title', ['alert', 'title']);
  honour(translation, template, 'description', ['alert', 'description']);
  const isOne = vendorScalar(template.value('eventGroupingKind'))?.toLowerCase() === 'singlealert';
  honour(translation, template, 'eventGroupingKind', ['alert', 'per']);
  return {
    per: isOne ? 'run' : 'row',
    ...(title && { title: cutText(title, 2000) }),
    ...(description && { description: cutText(description, 10_000) }),
    ...(assets.entities.length > 0 && { entities: assets.entities }),
    ...(Object.keys(details).length > 0 && { details }),
    ...(!isOne && columns.length > 0 && columns.length <= MOST_COLUMNS && { dedup: { columns } }),
    suppress: '0s',
  };
}

function customDetails(translation: Translation, template: VendorMap): Readonly<Record<string, string>> {
  honour(translation, template, 'customDetails', ['alert', 'details']);
  const given = template.value('customDetails');
  // The API answers with a list of pairs where its documentation has a map.
  if (Array.isArray(given)) return pairsOf(vendorMaps(given, template.at('customDetails')));
  const entries = Object.entries(isVendorObject(given) ? given : {}).map(([key, column]) => [
    key,
    vendorScalar(column)?.trim() ?? '',
  ]);
  return Object.fromEntries(entries.filter(([key = '', column]) => column !== '' && !key.startsWith('@')));
}

function pairsOf(maps: readonly VendorMap[]): Readonly<Record<string, string>> {
  const entries = maps.map(
    (map) => [vendorScalar(map.value('name') ?? map.value('key')), vendorScalar(map.value('value'))] as const,
  );
  return Object.fromEntries(entries.filter(([name, column]) => name !== null && column !== null));
}

const DATA_KEYS = [...ACTIONS, 'organizationalScope', 'incidentConfiguration'] as const;

function isEmptyValue(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** Nothing is isolated, blocked or deleted from here: whoever takes the alerts can read what the rule wants done. */
function dataOf(
  translation: Translation,
  { action, template, source }: Parts,
): Pick<NonNullable<RawRule['origin']>, 'data'> {
  ignore(translation, action, [...ACTIONS, 'incidentConfiguration']);
  const wanted = ACTIONS.find((key) => !isEmptyValue(action.value(key)));
  if (wanted) warnAt(translation, action.at(wanted), `"${wanted}" is never executed; alerts carry it as data.`);
  const scope = action.value('organizationalScope') ?? template.value('organizationalScope');
  if (isVendorObject(scope)) {
    approximate(
      translation,
      action,
      'organizationalScope',
      'it cannot be applied from outside, alerts carry it as data',
    );
    warnAt(
      translation,
      action.at('organizationalScope'),
      'The scope of device groups cannot be applied: every device is searched.',
    );
  }
  const data = { ...originData(translation, action, DATA_KEYS), ...detectorOf(source) };
  return Object.keys(data).length > 0 ? { data } : {};
}

function detectorOf(source: VendorMap): Readonly<Record<string, unknown>> {
  const detector = vendorScalar(source.value('detectorId'));
  return detector === null ? {} : { detectorId: detector };
}

function tellUnread(translation: Translation, { source, condition, schedule, action, template }: Parts): void {
  ignore(translation, source, READ_ONLY);
  ignore(translation, schedule, ['nextRunDateTime', ...(schedule.value('frequency') === undefined ? [] : ['period'])]);
  ignore(translation, condition, ['lastModifiedDateTime']);
  for (const key of READ_ONLY) source.value(key);
  for (const key of ['nextRunDateTime', 'period']) schedule.value(key);
  condition.value('lastModifiedDateTime');
  for (const map of [source, condition, schedule, action, template]) warnUnread(translation, map);
}
