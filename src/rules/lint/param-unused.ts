import { queryCode } from '../query-code.ts';
import type { LintCheck } from './check.ts';

export const paramUnused: LintCheck = {
  id: 'param-unused',
  description: 'A parameter that the query does not use.',
  why: 'A parameter that nothing reads looks as if it changed the rule, and does not.',
  mend: 'Use it in the query, or take it out.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule) => {
    const words = new Set(queryCode(rule.query).match(/\w+/g));
    const unused = Object.keys(rule.params).filter((name) => !words.has(name));
    return unused.map((name) => ({
      place: rule.map.placeOf(['params', name]),
      message: `The query does not use the parameter "${name}".`,
      suggestion: 'Take it out or use it.',
    }));
  },
};
