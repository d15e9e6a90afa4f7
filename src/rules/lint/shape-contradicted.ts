import type { LintCheck } from './check.ts';

/**
 * The rule's word stands, but a set that is treated as a stream loses pairs, and a stream as a set tells hits twice as late. Files of
 * other products say no shape: where one has a shape, what they count decides it.
 */
export const shapeContradicted: LintCheck = {
  id: 'shape-contradicted',
  description: '`shape` says other than the analysis.',
  why: 'The shape decides how windows are asked: a set that runs as a stream loses pairs, a stream that runs as a set costs more.',
  mend: 'Drop `shape` unless you know better than the analysis.',
  severity: 'warning',
  analyzed: true,
  refuses: [],
  check: (rule, { prepared }) => {
    const analyzed = prepared.shapeReason === '' ? 'stream' : 'set';
    if (rule.origin !== undefined) return [];
    if (rule.shape === null || rule.shape === analyzed || prepared.shape === 'snapshot') return [];
    const because = prepared.shapeReason === '' ? '' : ` (${prepared.shapeReason})`;
    const message = `The rule says shape ${rule.shape}, the analysis of its query says ${analyzed}${because}.`;
    return [{ place: rule.map.placeOf(['shape']), message, suggestion: 'Drop "shape" unless you know better.' }];
  },
};
