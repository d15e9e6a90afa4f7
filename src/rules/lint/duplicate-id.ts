import type { Rule } from '../rule.ts';
import type { LintCheck } from './check.ts';

/** The loader sees one set of files; here all rules meet, also those that were loaded for different tenants. */
export const duplicateId: LintCheck = {
  id: 'duplicate-id',
  description: 'One id in two files, across all tenants.',
  why: 'The id is what alert ids, keys and quiet times hang on: two rules with one id would share them.',
  mend: 'Give each rule an id of its own.',
  severity: 'error',
  analyzed: false,
  refuses: [],
  check: () => [],
  finish: (rules) => {
    const first = new Map<string, Rule>();
    return rules.flatMap((rule) => {
      const id = rule.id.toLowerCase();
      const other = first.get(id);
      if (!other) first.set(id, rule);
      if (!other || other === rule) return [];
      const { line, column } = rule.map.placeOf(['id']);
      const taken = placeText(other);
      if (taken === placeText(rule)) return [];
      const message = `The id "${rule.id}" is already taken by ${taken}.`;
      return [{ file: rule.map.file, place: { line, column }, message, suggestion: 'Give the rule an id of its own.' }];
    });
  },
};

function placeText({ map }: Rule): string {
  const { line, column } = map.placeOf(['id']);
  return `${map.file}:${line}:${column}`;
}
