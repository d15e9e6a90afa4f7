import { renderQuery } from '../kql/render.ts';
import type { Place } from '../lib/yaml/parse-yaml.ts';
import type { RunnableRule } from '../rules/rule.ts';
import type { RunRecord } from '../state/store.ts';
import { TEST_SETTINGS } from './test-stage.ts';

/** Where something of the text that a run asked stands in the rule's file; null for what the run itself put in. */
export type PlaceOfSent = (offset: number) => Place | null;

/** The places of what a test's run asked. `sent` is the text that came to its source. */
export function placesOfSent(
  rule: RunnableRule,
  { window, logicalTime }: Pick<RunRecord, 'window' | 'logicalTime'>,
  sent: string,
): PlaceOfSent {
  const { latenessMs } = TEST_SETTINGS;
  const rendered = renderQuery(rule.prepared, { logicalTime, window, latenessMs, params: rule.params });
  if (rendered.text !== sent) return () => null;
  return (offset) => (rendered.isOriginal(offset) ? rule.map.place(rendered.toOriginal(offset)) : null);
}
