import { createRunner, judge, readCases } from './conformance-cases.mjs';
import { judgeTable } from './docs-tables.mjs';

/** Runs all recorded cases on an engine; the outcomes of each file of them. */
export async function judgeAll(createKqlEngine) {
  const outcomes = {};
  /** Many queries of the documentation are recorded cases, too: each runs once. */
  const answers = new Map();
  for (const name of ['engine-cases', 'semantic-traps', 'docs-tables']) {
    const run = createRunner(createKqlEngine);
    const runOnce = (query) => {
      if (!answers.has(query)) answers.set(query, run(query));
      return answers.get(query);
    };
    outcomes[name] = [];
    for (const one of readCases(`${name}.jsonl`)) {
      const outcome = name === 'docs-tables' ? await judgeTable(one, runOnce) : await judge(one, runOnce);
      outcomes[name].push({ ...outcome, hunting: one.hunting_relevant === true });
    }
  }
  return outcomes;
}
