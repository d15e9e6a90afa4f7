import type { LintCheck } from './check.ts';

/** The rule's word stands, but a set that is treated as a stream loses pairs, and a stream as a set tells hits twice as late. */
export const shapeContradicted: LintCheck = {
  id: 'shape-contradicted',
  severity: 'warning',
  refuses: [],
  check: (rule, { prepared }) => {
    if (rule.shape === null || prepared.shape === rule.shape) return [];
    const because = prepared.shapeReason === '' ? '' : ` (${prepared.shapeReason})`;
    const message = `The rule says shape ${rule.shape}, the analysis of its query says ${prepared.shape}${because}.`;
    return [{ place: rule.map.placeOf(['shape']), message, suggestion: 'Drop "shape" unless you know better.' }];
  },
};
