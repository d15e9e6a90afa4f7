import { basename } from 'node:path';
import { editDistance } from '../../../lib/nearest.ts';
import { cutText } from '../../../lib/text.ts';
import type { Path } from '../../../lib/yaml/parse-yaml.ts';
import type { Severity } from '../../rule.ts';
import { type Translation, warnAt } from './translation.ts';
import { isVendorObject, vendorScalar } from './vendor-map.ts';

const MAX_ID = 128;
const MAX_NAME = 256;
const MAX_TEXT = 10_000;
const MAX_TAG = 128;
const MAX_TAGS = 50;
const UUID = /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;

/** The id of a rule: the file's own, as a slug where it is no UUID; else the slug of the first text that gives one. */
export function vendorId(own: unknown, others: readonly (string | null)[], file: string): string {
  const text = vendorScalar(own)?.trim() ?? '';
  if (UUID.test(text)) return text;
  const slugs = [text, ...others, basename(file).replace(/\.[A-Za-z]+$/, '')].map((one) => slugOf(one ?? ''));
  return slugs.find((slug) => slug !== '') ?? 'rule';
}

function slugOf(text: string): string {
  const words = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return words.slice(0, MAX_ID).replaceAll(/^-+|-+$/g, '');
}

export function vendorName(text: string): string {
  return cutText(text.replaceAll(/\s+/g, ' ').trim(), MAX_NAME);
}

/** A text without the quotes that files put around it inside a block of YAML. */
export function vendorText(value: unknown): string {
  const text = (vendorScalar(value) ?? '').trim();
  const [, inner] = /^'([\s\S]*)'$/.exec(text) ?? /^"([\s\S]*)"$/.exec(text) ?? [];
  return cutText((inner ?? text).trim(), MAX_TEXT);
}

const SEVERITY_BY_NAME: Readonly<Record<string, Severity>> = {
  informational: 'informational',
  information: 'informational',
  info: 'informational',
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
};

/** A severity in any spelling; what is none is told and counts as medium. */
export function vendorSeverity(translation: Translation, value: unknown, path: Path): Severity {
  const word = (vendorScalar(value) ?? '').trim().toLowerCase();
  const known = SEVERITY_BY_NAME[word];
  if (known) return known;
  const near = word === '' ? undefined : Object.keys(SEVERITY_BY_NAME).find((name) => editDistance(word, name) === 1);
  const severity = SEVERITY_BY_NAME[near ?? ''] ?? 'medium';
  const said = word === '' ? 'The rule has no severity' : `"${vendorScalar(value)}" is no severity`;
  warnAt(translation, path, `${said}; it counts as ${severity}.`);
  return severity;
}

/** A version in three numbers, as ours are; what is left out is 0. */
export function vendorVersion(translation: Translation, value: unknown, path: Path): string | undefined {
  if (value === undefined) return undefined;
  const text = (vendorScalar(value) ?? '').trim().replace(/^v/i, '');
  const parts = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(text);
  if (parts) return [1, 2, 3].map((index) => String(Number(parts[index] ?? 0))).join('.');
  warnAt(translation, path, `"${text}" is no version in three numbers; it counts as 1.0.0.`);
  return undefined;
}

/** Tags as texts; a map stands for its entries (`SchemaName: Audit`). */
export function vendorTags(value: unknown, more: readonly string[]): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = items.flatMap((item) =>
    isVendorObject(item)
      ? Object.entries(item).map(([key, one]) => `${key}: ${vendorScalar(one) ?? ''}`)
      : [vendorScalar(item) ?? ''],
  );
  const tags = [...texts, ...more].map((text) => cutText(text.trim(), MAX_TAG)).filter((text) => text !== '');
  return [...new Set(tags)].slice(0, MAX_TAGS);
}

/** The web addresses among texts. */
export function vendorReferences(texts: readonly string[]): readonly string[] {
  const addresses = texts.filter((text) => /^https?:\/\/\S+$/.test(text) && text.length <= 2048);
  return [...new Set(addresses)].slice(0, MAX_TAGS);
}
