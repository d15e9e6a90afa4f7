import type { Alert, AlertEntity } from '../../../alerts/alert.ts';
import { cutText, listCounts } from '../../../lib/text.ts';
import { visible, visibleLine } from '../../../lib/visible.ts';
import { type AlertLink, linksOf } from './alert-links.ts';
import { cellLine, type EvidenceTable, evidenceTable, type TableSize } from './evidence-table.ts';

/** A name and what there is to say of it, both on one line. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** An alert as people read it, for whatever markup a vendor has. All texts are well-formed and show what stands in them. */
export interface AlertOutline {
  readonly title: string;
  /** May have several lines. */
  readonly description: string;
  readonly facts: readonly Fact[];
  readonly entities: readonly Fact[];
  readonly details: readonly Fact[];
  readonly evidence: EvidenceTable | null;
  readonly links: readonly AlertLink[];
}

/** How much of everything an outline holds. */
export interface OutlineSize extends TableSize {
  /** Characters of the description. */
  readonly text: number;
  /** Entities, and details. */
  readonly entries: number;
  /** Characters of what is said of one of them. */
  readonly value: number;
  readonly links: number;
}

/** From what a ticket takes down to what any card takes. */
const SIZES: readonly OutlineSize[] = [
  { rows: 20, columns: 12, cell: 200, text: 8000, entries: 50, value: 4000, links: 10 },
  { rows: 10, columns: 10, cell: 120, text: 4000, entries: 20, value: 1000, links: 10 },
  { rows: 5, columns: 8, cell: 80, text: 2000, entries: 10, value: 500, links: 5 },
  { rows: 5, columns: 5, cell: 40, text: 1000, entries: 8, value: 250, links: 3 },
  { rows: 3, columns: 4, cell: 24, text: 500, entries: 5, value: 120, links: 1 },
  { rows: 0, columns: 0, cell: 24, text: 250, entries: 3, value: 80, links: 0 },
];
const BAREST: OutlineSize = { rows: 0, columns: 0, cell: 0, text: 100, entries: 0, value: 80, links: 0 };

const MAX_TITLE = 512;
const MAX_NAME = 64;

/** The fullest document of the alert that fits; the barest one where none does. */
export function fittedOutline<Made>(
  alert: Alert,
  make: (outline: AlertOutline) => Made,
  fits: (made: Made) => boolean,
): Made {
  for (const size of SIZES) {
    const made = make(outlineOf(alert, size));
    if (fits(made)) return made;
  }
  return make(outlineOf(alert, BAREST));
}

export function outlineOf(alert: Alert, size: OutlineSize): AlertOutline {
  const details = Object.entries(alert.details).map(([name, value]) => fact(name, cellLine(value), size.value));
  return {
    title: titleLine(alert, MAX_TITLE),
    description: cutText(visible(alert.description).trim(), size.text),
    facts: factsOf(alert, size.value),
    entities: limited(alert.entities.map((one) => entityFact(one, size.value)).filter(isTold), size.entries),
    details: limited(details.filter(isTold), size.entries),
    evidence: evidenceTable(alert, size),
    links: linksOf(alert).slice(0, size.links),
  };
}

/** The title on one line; never empty. */
export function titleLine({ title, rule }: Alert, most: number): string {
  return cutText(visibleLine(title).trim() || rule.id, most);
}

/** What a later message says of itself: that the alert has changed, or is over. */
export function headingOf(alert: Alert): string {
  const title = titleLine(alert, MAX_TITLE);
  if (alert.status === 'resolved' && title.startsWith('Resolved: ')) return title;
  return `${alert.status === 'resolved' ? 'Resolved' : 'Updated'}: ${title}`;
}

/** The outline with a heading in the place of the description, where there is one. */
export function headed(outline: AlertOutline, heading: string | undefined): AlertOutline {
  return heading === undefined ? outline : { ...outline, description: heading };
}

function heldBackText({ suppressedCount, suppressed }: Alert): string {
  if (suppressedCount === 0) return '';
  return `${suppressedCount} since the last alert${suppressed ? ` (${listCounts(suppressed)})` : ''}`;
}

function acknowledgedText({ acknowledged }: Alert): string {
  if (!acknowledged) return '';
  const { by, at, disposition } = acknowledged;
  return `by ${by} at ${at}${disposition ? `: ${disposition}` : ''}`;
}

/** What is said of every alert, the most telling first; the alert's id is always among it. */
function factsOf(alert: Alert, most: number): readonly Fact[] {
  const { rule, status, severity, tenant, rowCount, truncated, firstSeen, lastSeen, overflow } = alert;
  const attack = alert.attack.flatMap(({ tactic, technique }) => technique ?? tactic ?? []);
  const seen = firstSeen === lastSeen ? firstSeen : `${firstSeen} – ${lastSeen}`;
  const told: readonly (readonly [string, string])[] = [
    ['Status', alert.change ? `${status}: ${alert.change.reason}` : status],
    ['Severity', severity],
    ['Acknowledged', acknowledgedText(alert)],
    ['Rule', rule.name === rule.id ? rule.id : `${rule.name} (${rule.id})`],
    ['Tenant', tenant],
    ['Seen', seen],
    ['Rows', truncated ? `at least ${rowCount}` : String(rowCount)],
    ['Held back', heldBackText(alert)],
    ['Not told singly', overflow ? `${overflow.atLeast ? 'at least ' : ''}${overflow.hits} hits` : ''],
    ['ATT&CK', [...new Set(attack)].join(', ')],
    ['Alert', alert.revision === 0 ? alert.id : `${alert.id}, revision ${alert.revision}`],
  ];
  return told.map(([name, value]) => fact(name, value, most)).filter(isTold);
}

/** `host: pc1 – id d1`: its name, and what else is known of it. */
function entityFact(entity: AlertEntity, most: number): Fact {
  const { type, name, ...rest } = entity;
  const others = Object.entries(rest).map(([field, value]) => [field, cellLine(value)] as const);
  const more = others.filter(([, value]) => value !== '').map(([field, value]) => `${field} ${value}`);
  const called = cellLine(name);
  return fact(type, [called, more.join(', ')].filter(Boolean).join(' – '), most);
}

function fact(name: string, value: string, most: number): Fact {
  return { name: cutText(visibleLine(name), MAX_NAME), value: cutText(visibleLine(value), most) };
}

function isTold({ name, value }: Fact): boolean {
  return name !== '' && value !== '';
}

/** The first ones, and a line that tells of the rest. */
function limited(facts: readonly Fact[], most: number): readonly Fact[] {
  if (facts.length <= most || most === 0) return facts.slice(0, most);
  return [...facts.slice(0, most), { name: '…', value: `and ${facts.length - most} more` }];
}
