import { rememberBytes } from '../../lib/json/foreseen-bytes.ts';
import { labelOf } from '../../lib/json/json-labels.ts';
import { beginJson, createJsonPen, putBytes, putScalar, putText, writtenJson } from '../../lib/json/json-pen.ts';
import type { Row } from '../../sources/source.ts';
import type { Alert, AlertEntity, Observable } from '../alert.ts';
import { SEVERITY_NAMES } from '../severity.ts';
import { ENTITY_TYPE_NAMES, KEY_PATTERN, TIME_PATTERN } from './alert-schema.ts';

/**
 * Writes an alert as `JSON.stringify` does, and remembers its bytes for whoever keeps it, in a third of the time that writing it and looking
 * through it by its schema take. True: it is valid by the schema, and small; false: that is left to others to find out. It must be a new
 * alert of the run, with the members that all have, in the order in which they are mapped.
 */
export type AlertWriter = (alert: Alert) => boolean;

type SharedMember = 'time' | 'tenant' | 'rule' | 'attack' | 'window' | 'truncated' | 'runId' | 'source';

/** More is written by the usual way. */
const CAPACITY = 24 * 1024;
const PEN = createJsonPen(CAPACITY);
const KEY = new RegExp(KEY_PATTERN);
const TIME = new RegExp(TIME_PATTERN);
const TYPES: ReadonlySet<unknown> = new Set(ENTITY_TYPE_NAMES);
const SEVERITIES: ReadonlySet<string> = new Set(SEVERITY_NAMES);
const [MOST_ENTITIES, MOST_OBSERVABLES, MOST_ROWS, LONGEST_TITLE] = [100, 200, 500, 512];

/** `shared`: an alert of the run that is valid; whatever others have in common with it needs no second look. */
export function createAlertWriter(shared: Pick<Alert, SharedMember>): AlertWriter {
  const pieces = piecesOf(shared);
  const writeRow = createRowWriter();
  return (alert) => {
    if (!hasUsualParts(alert)) return false;
    beginJson(PEN);
    writeWords(alert, pieces);
    if (!writeFound(alert, pieces, writeRow)) return false;
    const written = writtenJson(PEN);
    if (written !== null) rememberBytes(alert, written);
    return written !== null;
  };
}

type Pieces = ReturnType<typeof piecesOf>;

/** What stands between the parts in which alerts of a run differ. */
function piecesOf({ time, tenant, rule, attack, window, truncated, runId, source }: Pick<Alert, SharedMember>) {
  const made = membersOf({ revision: 0, kind: 'detection', status: 'firing', time, tenant, rule });
  const asked = membersOf({ attack, window });
  const origin = membersOf({ runId, source, links: {}, acknowledged: null });
  return {
    id: piece('{"schemaVersion":"1.1","id":'),
    title: piece(`,${made},"title":`),
    description: piece(',"description":'),
    severity: piece(',"severity":'),
    firstSeen: piece(`,${asked},"firstSeen":`),
    lastSeen: piece(',"lastSeen":'),
    rowCount: piece(',"rowCount":'),
    entities: piece(`,${membersOf({ truncated })},"entities":[`),
    observables: piece('],"observables":['),
    details: piece('],"details":'),
    evidence: piece(',"evidence":['),
    dedupKey: piece('],"dedupKey":'),
    suppressedCount: piece(',"suppressedCount":'),
    end: piece(`,${origin}}`),
  };
}

const OBSERVABLE_TYPE = piece('{"type":');
const OBSERVABLE_VALUE = piece(',"value":');
const COMMA = piece(',');
const OPEN = piece('{');
const CLOSE = piece('}');

function piece(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function membersOf(members: object): string {
  return JSON.stringify(members).slice(1, -1);
}

/** Of what the schema asks of the parts that are not looked at one by one where they are written. */
function hasUsualParts(alert: Alert): boolean {
  if (alert.suppressed !== undefined || alert.mappingErrors !== undefined) return false;
  if (alert.evidenceTruncated !== undefined || !KEY.test(alert.id) || !KEY.test(alert.dedupKey)) return false;
  const { title, firstSeen, lastSeen, entities, observables, evidence } = alert;
  if (title.length === 0 || title.length > LONGEST_TITLE || !SEVERITIES.has(alert.severity)) return false;
  if (!TIME.test(firstSeen) || (lastSeen !== firstSeen && !TIME.test(lastSeen))) return false;
  if (!isCount(alert.rowCount) || !isCount(alert.suppressedCount)) return false;
  return entities.length <= MOST_ENTITIES && observables.length <= MOST_OBSERVABLES && evidence.length <= MOST_ROWS;
}

function isCount(count: number): boolean {
  return Number.isSafeInteger(count) && count >= 0;
}

function writeWords(alert: Alert, pieces: Pieces): void {
  putBytes(PEN, pieces.id);
  putText(PEN, alert.id);
  putBytes(PEN, pieces.title);
  putText(PEN, alert.title);
  putBytes(PEN, pieces.description);
  putText(PEN, alert.description);
  putBytes(PEN, pieces.severity);
  putText(PEN, alert.severity);
  putBytes(PEN, pieces.firstSeen);
  putText(PEN, alert.firstSeen);
  putBytes(PEN, pieces.lastSeen);
  putText(PEN, alert.lastSeen);
  putBytes(PEN, pieces.rowCount);
  putScalar(PEN, alert.rowCount);
}

function writeFound(alert: Alert, pieces: Pieces, writeRow: (row: Row) => boolean): boolean {
  putBytes(PEN, pieces.entities);
  if (!writeList(alert.entities, writeEntity)) return false;
  putBytes(PEN, pieces.observables);
  if (!writeList(alert.observables, writeObservable)) return false;
  putBytes(PEN, pieces.details);
  if (!writeFlat(alert.details, true)) return false;
  putBytes(PEN, pieces.evidence);
  if (!writeList(alert.evidence, writeRow)) return false;
  putBytes(PEN, pieces.dedupKey);
  putText(PEN, alert.dedupKey);
  putBytes(PEN, pieces.suppressedCount);
  putScalar(PEN, alert.suppressedCount);
  putBytes(PEN, pieces.end);
  return true;
}

function writeList<Item>(items: readonly Item[], write: (item: Item) => boolean): boolean {
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    if (index > 0) putBytes(PEN, COMMA);
    if (item === undefined || !write(item)) return false;
  }
  return true;
}

function writeEntity(entity: AlertEntity): boolean {
  return TYPES.has(entity.type) && writeFlat(entity, false);
}

function writeObservable({ type, value }: Observable): boolean {
  putBytes(PEN, OBSERVABLE_TYPE);
  putText(PEN, type);
  putBytes(PEN, OBSERVABLE_VALUE);
  putText(PEN, value);
  putBytes(PEN, CLOSE);
  return true;
}

/** A bag of texts, numbers and booleans, and of nulls where they are allowed. */
function writeFlat(bag: Readonly<Record<string, unknown>>, takesNull: boolean): boolean {
  let isFirst = true;
  for (const name in bag) {
    const value = bag[name];
    putBytes(PEN, labelOf(name, isFirst));
    isFirst = false;
    if ((value === null && !takesNull) || !putScalar(PEN, value)) return false;
  }
  if (isFirst) putBytes(PEN, OPEN);
  putBytes(PEN, CLOSE);
  return true;
}

/** Nearly all rows of a result have the same columns in the same order: their labels are looked up once. */
function createRowWriter(): (row: Row) => boolean {
  let names: readonly string[] = [];
  let labels: readonly Uint8Array[] = [];
  return (row) => {
    const found = Object.keys(row);
    if (!isSame(found, names)) {
      names = found;
      labels = found.map((name, index) => labelOf(name, index === 0));
    }
    if (found.length === 0) putBytes(PEN, OPEN);
    for (let index = 0; index < found.length; index += 1) {
      putBytes(PEN, labels[index] ?? OPEN);
      if (!putScalar(PEN, row[found[index] ?? ''])) return false;
    }
    putBytes(PEN, CLOSE);
    return true;
  };
}

function isSame(names: readonly string[], others: readonly string[]): boolean {
  if (names.length !== others.length) return false;
  for (let index = 0; index < names.length; index += 1) if (names[index] !== others[index]) return false;
  return true;
}
