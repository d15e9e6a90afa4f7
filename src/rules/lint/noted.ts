import type { LintCheck } from './check.ts';
import { querySpan } from './query-span.ts';

/** A check that tells what the analysis noted of the query under its name (kql/notes). */
export function noted(about: Pick<LintCheck, 'id' | 'description' | 'why' | 'mend' | 'severity'>): LintCheck {
  return {
    ...about,
    analyzed: true,
    refuses: [],
    check: ({ map }, { prepared }) =>
      (prepared.notes ?? [])
        .filter(({ check }) => check === about.id)
        .map((note) => ({ ...querySpan(map, note), message: note.message, suggestion: note.hint })),
  };
}
