import { readRule } from '../read-rule.ts';
import type { RuleReader } from './reader.ts';

/** Whether a value says what nothing but a rule says: beside rules there may lie any YAML. */
export function isNativeRule(value: unknown): boolean {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof one !== 'object' || one === null) return false;
  // A saved function, as tools for a workspace write it.
  if ('functionAlias' in one) return false;
  return 'query' in one || 'schedule' in one || ('id' in one && 'severity' in one);
}

/** Our own format: an unknown key is an error, and whatever is no other format is held to be this one. */
export const nativeReader: RuleReader = {
  format: 'native',
  recognizes: () => true,
  marks: /^(?:query|schedule|exceptions|tests)\s*:/m,
  read: (document) => {
    const { rule, problems } = readRule(document);
    const [first] = problems;
    const keys = typeof document.value === 'object' && document.value !== null ? Object.keys(document.value) : [];
    const verdict = {
      file: document.file,
      rule: rule?.id ?? null,
      format: 'native',
      verdict: rule ? 'loaded' : 'refused',
      reason: rule ? null : (first?.message ?? 'The file holds no rule.'),
      warnings: [],
      honoured: rule ? keys : [],
      approximated: [],
      ignored: [],
    } as const;
    return [{ rule, problems, verdict }];
  },
};
