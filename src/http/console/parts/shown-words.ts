import type { ShownStand } from '../../../actions/pages/rule-sights.ts';
import type { Severity } from '../../../rules/rule.ts';
import { type Markup, markup } from '../markup.ts';
import { badge } from './table.ts';

type BadgeKind = Parameters<typeof badge>[1];

const STANDS: Readonly<Record<ShownStand, BadgeKind>> = {
  blocked: 'bad',
  failing: 'bad',
  lagging: 'warn',
  throttled: 'warn',
  'never-run': 'calm',
  ok: 'good',
  disabled: 'calm',
};

export function standBadge(standing: ShownStand): Markup {
  return badge(standing, STANDS[standing]);
}

const SEVERITY_KINDS: Readonly<Record<Severity, BadgeKind>> = {
  informational: 'calm',
  low: 'calm',
  medium: 'warn',
  high: 'bad',
  critical: 'bad',
};

export function severityBadge(severity: Severity): Markup {
  return badge(severity, SEVERITY_KINDS[severity] ?? 'calm');
}

const LONGEST_DOCUMENT = 300_000;

/** A document line by line, each shown as far as a line is; what is left out at its end is said. */
export function inPieces(text: string): readonly string[] {
  const lines = text.slice(0, LONGEST_DOCUMENT).match(/[^\n]*\n?/g) ?? [];
  const rest = text.length - LONGEST_DOCUMENT;
  return rest > 0 ? [...lines, `\n… (${rest} more characters)`] : lines;
}

/** A path of names: nothing in them is a slash, and none is a step up. */
export function pathOf(...names: readonly string[]): string {
  return names.map((name) => `/${encodeURIComponent(name)}`).join('');
}

export function ruleLink(base: string, tenant: string, id: string): Markup {
  return markup`<a href="${base}/rules${pathOf(tenant, id)}">${id}</a>`;
}
