import type { Alert } from '../alerts/alert.ts';
import { cutText, wellFormed } from '../lib/text.ts';
import type { Format, NamedFormat } from './format.ts';
import { fittedPairs } from './mapping/fitted-pairs.ts';
import { type FlatLine, flatLines, flatPairs, type KeyGroups } from './mapping/flat-lines.ts';
import type { MappedValue } from './mapping/value.ts';

interface LeefPair {
  readonly key: string;
  readonly value: string;
  /** Longest value in characters. */
  readonly cap: number;
}

/** `sev` goes from 1 to 10. */
const SEVERITIES: Readonly<Record<string, number>> = { informational: 1, low: 3, medium: 5, high: 8, critical: 10 };

/** Keys of QRadar that hold at most 255 characters; those that are ours have no cap. */
const SHORT_KEYS = ['cat', 'domain', 'identHostName', 'proto', 'usrName'];
const SHORT = 255;
const MAX_EVENT_ID = 255;
const SHORT_EVENT_ID = 64;
/** Attributes that every message keeps: id, mark, time, revision, status, category. */
const KEPT_PAIRS = 6;
const SHRUNK: LeefPair = { key: 'payload', value: 'truncated', cap: SHORT };

const GROUPS: KeyGroups = [
  ['usrName', 'domain', 'userId'],
  ['actorName', 'actorDomain', 'actorId'],
];
const LINES_OF_LEEF = flatLines(({ leef }) => leef, GROUPS);

/** Values cannot be escaped, so the message is divided by the first of these that no value holds; each message names its own. */
const DELIMITERS = ['^', '~', '`', '#', '!', ';', '*', '@', '$', '%', '?', '+'];
const LAST_RESORT = '^';

/** One line of IBM's Log Event Extended Format, version 2.0. Shrunk messages say `payload=truncated`. */
export const formatLeef: Format = (alert, { maxBytes }) => {
  const pairs = flatPairs(alert, LINES_OF_LEEF, leefPair);
  const write = (some: readonly LeefPair[], cap: number, isShort: boolean): string =>
    leefMessage(eventIdOf(alert, isShort ? SHORT_EVENT_ID : MAX_EVENT_ID), some, cap);
  const body = fittedPairs({ pairs, mark: SHRUNK, kept: KEPT_PAIRS, write }, maxBytes);
  return { body, contentType: 'text/plain; charset=utf-8' };
};

export const LEEF: NamedFormat = {
  name: 'leef',
  description:
    'One line of Log Event Extended Format 2.0, for QRadar ([more](#leef)). Shortens values, then leaves attributes out, the least important first. Says `payload=truncated`.',
  format: formatLeef,
};

function leefPair({ key, kind }: FlatLine, value: MappedValue): LeefPair {
  if (key === 'sev') return { key, value: String(SEVERITIES[value] ?? 1), cap: SHORT };
  const text = kind === 'mac' ? String(value).replaceAll('-', ':') : String(value);
  return { key, value: text, cap: SHORT_KEYS.includes(key) ? SHORT : Number.POSITIVE_INFINITY };
}

function leefMessage(eventId: string, pairs: readonly LeefPair[], mostCharacters: number): string {
  const all = pairs.map(({ key, value, cap }) => [key, onOneLine(cutText(value, Math.min(cap, mostCharacters)))]);
  const written = all.filter(([, value]) => value !== '');
  const delimiter = DELIMITERS.find((one) => written.every(([, value]) => !value?.includes(one)));
  const attributes = written.map(([key, value]) => `${key}=${delimiter ? value : value?.replaceAll(LAST_RESORT, ' ')}`);
  const used = delimiter ?? LAST_RESORT;
  return `LEEF:2.0|Huntwire|Huntwire|1.0|${eventId}|${used}|${attributes.join(used)}`;
}

/** A header field cannot be escaped either. */
function eventIdOf({ health, rule }: Alert, cap: number): string {
  return onOneLine(cutText(health ? `health-${health.code}` : rule.id, cap)).replaceAll('|', ' ');
}

const NOT_PLAIN = /[^ -~]/;
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;

function onOneLine(text: string): string {
  return (NOT_PLAIN.test(text) ? wellFormed(text).replace(BREAKS, ' ') : text).trim();
}
