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

/** A path of names: nothing in them is a slash, and none is a step up. */
export function pathOf(...names: readonly string[]): string {
  return names.map((name) => `/${encodeURIComponent(name)}`).join('');
}

export function ruleLink(base: string, tenant: string, id: string): Markup {
  return markup`<a href="${base}/rules${pathOf(tenant, id)}">${id}</a>`;
}
