import type { Rule } from '../rule.ts';
import type { LintCheck, Remark } from './check.ts';

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const SINGLE = /\{[A-Z][A-Za-z0-9_]*\}|\$\{[^}]*\}/;

/** Placeholders are `{{Column}}`; anything close to that is most likely a slip. */
export const templateBraces: LintCheck = {
  id: 'template-braces',
  description: 'Placeholders that are empty, unclosed or in single braces.',
  why: 'What is no placeholder is printed as it stands: people read `{DeviceName}` instead of the name.',
  mend: 'Write `{{Column}}`.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule) =>
    (['title', 'description'] as const).flatMap((key) => {
      const message = fault(rule.alert[key] ?? '');
      return message === null ? [] : [remark(rule, key, message)];
    }),
};

function remark(rule: Rule, key: string, message: string): Remark {
  const suggestion = 'Write {{Column}} for the value of a column.';
  return { place: rule.map.placeOf(['alert', key]), message: `"alert.${key}" ${message}`, suggestion };
}

function fault(template: string): string | null {
  const names = [...template.matchAll(PLACEHOLDER)].map((match) => match[1]?.trim());
  if (names.includes('')) return 'has a placeholder without a column.';
  const rest = template.replaceAll(PLACEHOLDER, '');
  if (rest.includes('{{') || rest.includes('}}')) return 'has braces that do not close.';
  return SINGLE.test(rest) ? 'has a name in single braces, which stays as it is.' : null;
}
