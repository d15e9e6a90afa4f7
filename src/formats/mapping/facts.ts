import type { Alert, AlertEntity } from '../../alerts/alert.ts';
import { isIpv6 } from '../ip-address.ts';
import { describedPart, type Part } from './field.ts';
import { type ColumnUse, LINES, MAPPING, PARTS, type RowTraits, usesOf } from './mapping.ts';
import { type EvidenceRow, traitsOf } from './row-traits.ts';
import { type MappedValue, mappedValue } from './value.ts';

/** What is known of each line of MAPPING; null: nothing. */
export type FactValues = readonly (MappedValue | null)[];

/** What entities and rows say, line by line. */
export interface Facts {
  readonly values: FactValues;
  readonly traits: RowTraits;
}

const NO_ROW: RowTraits = { ofProcess: true, inbound: false };

/** Fields of entities that say what another one says, as rules of other products name them. */
const SAME_FIELD: Readonly<Record<string, string>> = { address: 'name', url: 'name', key: 'name' };

/**
 * What an alert is about: the first entity of each part, and what the first row says beside it. Where the row contradicts the entity,
 * which the rule may have made of other columns, the row says nothing of that part.
 */
export function factsOf(alert: Alert): Facts {
  const [row] = alert.evidence;
  const traits = row ? traitsOf(row, alert.entities) : NO_ROW;
  const values = unknownValues();
  takeEntities(values, alert.entities, traits.inbound);
  if (row) takeRow(values, rowValues(row, traits));
  return { values, traits };
}

/** What one row says by itself. */
export function rowFacts(row: EvidenceRow, entities: readonly AlertEntity[]): Facts {
  const traits = traitsOf(row, entities);
  return { values: rowValues(row, traits).values, traits };
}

const UNKNOWN: readonly (MappedValue | null)[] = MAPPING.map(() => null);

function unknownValues(): (MappedValue | null)[] {
  return UNKNOWN.slice();
}

function takeEntities(values: (MappedValue | null)[], entities: readonly AlertEntity[], inbound: boolean): void {
  const taken: Part[] = [];
  for (const entity of entities) {
    const part = describedPart(entity, inbound);
    const isRemoteHost = entity.type === 'host' && part !== 'host';
    if (isRemoteHost) takeField(values, part, 'host', entity.name);
    else if (!taken.includes(part)) takeEntity(values, part, entity);
    else if (entity.type === 'ip') takeSecond(values, part, entity);
    if (!isRemoteHost) taken.push(part);
  }
}

function takeEntity(values: (MappedValue | null)[], part: Part, entity: AlertEntity): void {
  for (const field in entity) takeField(values, part, SAME_FIELD[field] ?? field, entity[field]);
}

function takeField(values: (MappedValue | null)[], part: Part, name: string, cell: unknown): void {
  const line = LINES.get(part)?.get(name);
  const field = line === undefined ? undefined : MAPPING[line];
  if (line === undefined || !field) return;
  values[line] ??= mappedValue(field.kind, cell);
}

/** Mails come from an IPv4 and an IPv6 address, and formats have places for both. */
function takeSecond(values: (MappedValue | null)[], part: Part, entity: AlertEntity): void {
  const address = entity.name ?? entity.address;
  if (typeof address === 'string' && isIpv6(address)) takeField(values, part, 'also', address);
}

interface RowValues {
  readonly values: (MappedValue | null)[];
  /** The lines that have a value, each once. */
  readonly lines: number[];
}

/** The rank by which a line got its value, and nothing where it has none: while one row is read. */
const RANKS = new Uint8Array(MAPPING.length);

function rowValues(row: EvidenceRow, traits: RowTraits): RowValues {
  const uses = usesOf(traits);
  const told: RowValues = { values: unknownValues(), lines: [] };
  for (const column in row) {
    const used = uses.get(column);
    if (used) takeCell(told, used, row[column]);
  }
  return told;
}

function takeCell({ values, lines }: RowValues, uses: readonly ColumnUse[], cell: unknown): void {
  for (const { line, rank, kind } of uses) {
    const isKnown = values[line] !== null;
    if (isKnown && (RANKS[line] ?? 0) <= rank) continue;
    const value = mappedValue(kind, cell);
    if (value === null) continue;
    if (!isKnown) lines.push(line);
    values[line] = value;
    RANKS[line] = rank;
  }
}

function takeRow(values: (MappedValue | null)[], { values: told, lines }: RowValues): void {
  const contradicted: Part[] = [];
  for (const line of lines) {
    const known = values[line];
    const part = PARTS[line];
    if (part && known !== null && known !== undefined && !isSame(known, told[line])) contradicted.push(part);
  }
  for (const line of lines) {
    const part = PARTS[line];
    if (part && !contradicted.includes(part)) values[line] = told[line] ?? null;
  }
}

/** Entities hold long texts cut, with an ellipsis at the end. */
function isSame(known: MappedValue, told: MappedValue | null | undefined): boolean {
  if (known === told) return true;
  if (typeof known !== 'string' || typeof told !== 'string' || !known.endsWith('…')) return false;
  return told.startsWith(known.slice(0, -1));
}
