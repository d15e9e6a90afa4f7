import type { RunnableRule } from '../rule.ts';
import type { Verdict, VerdictName } from './verdict.ts';

/** What became of files, once their queries were analyzed too. */
export interface RuleReport {
  readonly verdicts: readonly Verdict[];
  readonly totals: {
    /** Files that were read; each counts once below. */
    readonly files: number;
    readonly loaded: number;
    /** Files of which something loaded, with warnings or not wholly. */
    readonly warnings: number;
    readonly refused: number;
    /** Rules that can run. */
    readonly rules: number;
  };
}

export interface Analyzed {
  readonly rules: readonly RunnableRule[];
  /** By id why the analysis refused a rule. */
  readonly refused: ReadonlyMap<string, string>;
}

export function reportRules(verdicts: readonly Verdict[], analyzed: Analyzed): RuleReport {
  const runnable = new Map(analyzed.rules.map((rule) => [rule.id, rule]));
  const final = verdicts.map((verdict) => afterAnalysis(verdict, runnable, analyzed.refused));
  const byFile = new Map<string, Verdict[]>();
  for (const one of final) byFile.set(one.file, [...(byFile.get(one.file) ?? []), one]);
  const names = [...byFile.values()].map(ofFile);
  const count = (name: VerdictName): number => names.filter((one) => one === name).length;
  return {
    verdicts: final,
    totals: {
      files: byFile.size,
      loaded: count('loaded'),
      warnings: count('warnings'),
      refused: count('refused'),
      rules: final.filter(({ verdict }) => verdict !== 'refused').length,
    },
  };
}

function afterAnalysis(
  verdict: Verdict,
  runnable: ReadonlyMap<string, RunnableRule>,
  refused: ReadonlyMap<string, string>,
): Verdict {
  const { rule: id } = verdict;
  if (verdict.verdict === 'refused') return withoutKeys(verdict);
  if (id === null) return verdict;
  const rule = runnable.get(id);
  if (!rule)
    return withoutKeys({ ...verdict, verdict: 'refused', reason: refused.get(id) ?? 'The query cannot be run.' });
  const isByArrival = rule.window.sets !== undefined && rule.effectiveShape === 'stream';
  const period = verdict.honoured.find((key) => key.toLowerCase() === 'queryperiod');
  if (!isByArrival || period === undefined) return verdict;
  return {
    ...verdict,
    honoured: verdict.honoured.filter((key) => key !== period),
    approximated: [...verdict.approximated, `${period}: by arrival, so that late events are found too`],
  };
}

/** Of a rule that does not run no key is honoured. */
function withoutKeys(verdict: Verdict): Verdict {
  return { ...verdict, honoured: [], approximated: [], ignored: [] };
}

function ofFile(verdicts: readonly Verdict[]): VerdictName {
  if (verdicts.every(({ verdict }) => verdict === 'refused')) return 'refused';
  return verdicts.every(({ verdict }) => verdict === 'loaded') ? 'loaded' : 'warnings';
}
