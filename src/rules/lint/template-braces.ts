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
  check: (rule) => {
    const { title, description } = rule.alert;
    return [
      title === null ? faultIn(rule, ['name'], rule.name) : faultIn(rule, ['alert', 'title'], title),
      description === null
        ? faultIn(rule, ['description'], rule.description)
        : faultIn(rule, ['alert', 'description'], description),
    ].flat();
  },
};

function faultIn(rule: Rule, path: readonly string[], template: string): readonly Remark[] {
  const message = templateFault(template) ?? (path.includes('alert') ? singleFault(template) : null);
  if (message === null) return [];
  const suggestion = 'Write {{Column}} for the value of a column.';
  return [{ place: rule.map.placeOf(path), message: `"${path.join('.')}" ${message}`, suggestion }];
}

function templateFault(template: string): string | null {
  const names = [...template.matchAll(PLACEHOLDER)].map((match) => match[1]?.trim());
  if (names.includes('')) return 'has a placeholder without a column.';
  const rest = template.replaceAll(PLACEHOLDER, '');
  return rest.includes('{{') || rest.includes('}}') ? 'has braces that do not close.' : null;
}

/** In prose braces may be meant. */
function singleFault(template: string): string | null {
  return SINGLE.test(template.replaceAll(PLACEHOLDER, ''))
    ? 'has a name in single braces, which stays as it is.'
    : null;
}
