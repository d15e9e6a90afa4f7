import type { RawOrigin, RawRule } from '../../read/raw.ts';
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
import { booleanOf, queryText, textList, type VendorMap, vendorMap, vendorScalar } from '../vendor/vendor-map.ts';
import {
  vendorId,
  vendorName,
  vendorReferences,
  vendorSeverity,
  vendorTags,
  vendorText,
  vendorVersion,
} from '../vendor/vendor-words.ts';
import { workspaceFunctions } from '../vendor/workspace-functions.ts';
import { translateAlert } from './sentinel-alert.ts';
import { type SentinelKind, sentinelKind, translateSchedule, translateTrigger } from './sentinel-schedule.ts';

/** Known keys that say nothing of what a rule finds or tells. */
const WITHOUT_MEANING = [
  'requiredDataConnectors',
  'requiredTechniques',
  'metadata',
  'author',
  'templateVersion',
  'lastModifiedUtc',
  'lastUpdatedDateUTC',
  'createdDateUTC',
  'etag',
  'dataTypes',
  'status',
  'customDetailsDescription',
  'description-detailed',
  'description_detailed',
];

/** Kept as data: nothing here groups alerts into incidents, and nothing needs to know the template. */
const DATA_KEYS = ['incidentConfiguration', 'alertRuleTemplateName'] as const;

/** Where an id or a name may stand beside the map of a rule, as in a template's resource. */
export interface SentinelNames {
  readonly id: unknown;
  readonly kind: unknown;
}

/** A rule or hunting query of Sentinel, wherever it stands: with Sentinel's meaning, in our words. */
export function translateSentinel(
  translation: Translation,
  source: VendorMap,
  names: SentinelNames = { id: undefined, kind: undefined },
): ReadRule {
  const query = queryText(source.value('query'));
  const kind = sentinelKind(translation, source, names.kind);
  if (source.has('inputEntityType') || source.has('inputFields'))
    refuseAt(translation, source.path, 'The query explores an entity that a person picks; by itself it cannot run.');
  // What Microsoft runs itself has none, and that was told.
  if (query === null && kind !== null) refuseAt(translation, source.path, 'The rule has no query.');
  if (query === null || kind === null) return finishTranslation(translation, null);
  return finishTranslation(translation, rawRule(translation, source, { query, kind, id: names.id }));
}

interface Known {
  readonly query: string;
  readonly kind: SentinelKind;
  readonly id: unknown;
}

function rawRule(translation: Translation, source: VendorMap, known: Known): RawRule {
  const { kind, query } = known;
  const trigger = translateTrigger(translation, source);
  const attack = attackOf(translation, source);
  const schedule = translateSchedule(translation, source, kind);
  const raw: RawRule = {
    ...namesOf(translation, source, known),
    ...statusOf(translation, source, kind),
    ...(attack.ids.length > 0 && { attack: attack.ids }),
    ...tagsOf(translation, source, attack),
    query,
    // Sentinel counts the rows of its period and of nothing around it.
    ...((trigger.operator !== '>' || trigger.value > 0) && { shape: 'set' }),
    schedule,
    window: {
      basis: 'ingestion',
      ...(kind !== 'nrt' && { sets: 'event' }),
      ...functionWindows(query, schedule.lookback ?? '1h'),
      keepFilters: 'sets',
    },
    threshold: `${trigger.operator} ${trigger.value}`,
    alert: translateAlert(translation, source, trigger.operator),
    origin: originOf(translation, source),
  };
  honour(translation, source, 'query', ['query']);
  ignore(translation, source, WITHOUT_MEANING);
  for (const key of WITHOUT_MEANING) source.value(key);
  warnUnread(translation, source);
  return raw;
}

function functionWindows(query: string, lookback: string): { readonly tables?: Readonly<Record<string, string>> } {
  const names = workspaceFunctions(query);
  return names.length === 0 ? {} : { tables: Object.fromEntries(names.map((name) => [name, lookback])) };
}

type NameFields = Pick<RawRule, 'id' | 'name' | 'description' | 'severity' | 'version' | 'author'>;

function namesOf(translation: Translation, source: VendorMap, { kind, id }: Known): NameFields {
  const nameKey = source.has('displayName') ? 'displayName' : 'name';
  const name = vendorScalar(source.value(nameKey));
  const own = source.value('id') ?? id;
  const ruleId = vendorId(own, [name], translation.document.file);
  const description = vendorText(source.value('description') ?? detailedDescription(source));
  honour(translation, source, 'id', ['id']);
  honour(translation, source, nameKey, ['name']);
  honour(translation, source, 'description', ['description']);
  honour(translation, source, 'severity', ['severity']);
  honour(translation, source, 'version', ['version']);
  translation.places.push({ ours: [], theirs: source.path });
  const version = vendorVersion(translation, source.value('version'), source.at('version'));
  const author = authorOf(source);
  const isUnsaid = kind === 'hunting' && source.value('severity') === undefined;
  return {
    id: ruleId,
    name: vendorName(name ?? '') || ruleId,
    ...(description !== '' && { description }),
    severity: isUnsaid ? 'medium' : vendorSeverity(translation, source.value('severity'), source.at('severity')),
    ...(version && { version }),
    ...(author && { author: vendorName(author) }),
  };
}

function detailedDescription(source: VendorMap): unknown {
  return source.value('description-detailed') ?? source.value('description_detailed');
}

function authorOf(source: VendorMap): string | null {
  const metadata = vendorMap(source.value('metadata'), source.at('metadata'));
  const author = source.value('author') ?? metadata.value('author');
  return vendorScalar(author) ?? vendorScalar(vendorMap(author, []).value('name'));
}

/** A query for people waits until somebody says when it shall run. */
function statusOf(translation: Translation, source: VendorMap, kind: SentinelKind): Pick<RawRule, 'status'> {
  const enabled = booleanOf(source.value('enabled'));
  honour(translation, source, 'enabled', ['status']);
  if (vendorScalar(source.value('status'))?.toLowerCase() === 'deprecated')
    warnAt(translation, source.at('status'), 'Its publisher calls the rule deprecated.');
  if (kind === 'hunting') {
    const message =
      'A hunting query has no schedule or severity: it is disabled until somebody enables it (each day, 7 days back, medium).';
    warnAt(translation, source.path, message);
  }
  return kind === 'hunting' || enabled === false ? { status: 'disabled' } : {};
}

function attackOf(translation: Translation, source: VendorMap): VendorAttack {
  const attack: VendorAttack = { ids: [], others: [] };
  honour(translation, source, 'tactics', ['attack']);
  addTactics(translation, attack, source.value('tactics'), source.at('tactics'));
  for (const key of ['relevantTechniques', 'techniques', 'subTechniques']) {
    honour(translation, source, key, ['attack']);
    addTechniques(translation, attack, source.value(key), source.at(key));
  }
  return { ids: attack.ids.slice(0, 50), others: attack.others };
}

function tagsOf(
  translation: Translation,
  source: VendorMap,
  { others }: VendorAttack,
): Pick<RawRule, 'tags' | 'references'> {
  honour(translation, source, 'tags', ['tags']);
  const tags = vendorTags(source.value('tags') ?? [], others);
  honour(translation, source, 'references', ['references']);
  const references = vendorReferences(textList(source.value('references')));
  return { ...(tags.length > 0 && { tags }), ...(references.length > 0 && { references }) };
}

function originOf(translation: Translation, source: VendorMap): RawOrigin {
  for (const key of DATA_KEYS) approximate(translation, source, key, 'alerts carry it as data in rule.origin');
  const data = originData(translation, source, DATA_KEYS);
  return { format: translation.format, ...(data && { data }) };
}
