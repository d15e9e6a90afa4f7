import { renderQuery } from '../kql/render.ts';
import type { RunnableRule } from '../rules/rule.ts';
import type { RunRecord } from '../state/run-record.ts';
import { TEST_SETTINGS } from './test-stage.ts';

/** The offset in the rule's query of something in the text that a run asked; null for what the run itself put in. */
export type OriginalOffset = (offset: number) => number | null;

/** Of what a test's run asked. `sent` is the text that came to its source. */
export function originalOffsets(
  rule: RunnableRule,
  { window, logicalTime }: Pick<RunRecord, 'window' | 'logicalTime'>,
  sent: string,
): OriginalOffset {
  const { latenessMs } = TEST_SETTINGS;
  const rendered = renderQuery(rule.prepared, { logicalTime, window, latenessMs, params: rule.params });
  if (rendered.text !== sent) return () => null;
  return (offset) => (rendered.isOriginal(offset) ? rendered.toOriginal(offset) : null);
}
