import type { RuleFindings } from '../../rules/kept/lint-set.ts';
import { prepareRule } from '../../rules/prepare-rules.ts';
import type { Rule } from '../../rules/rule.ts';
import { heldQueries } from './held-queries.ts';
import type { KnownQuery, Lookout } from './lookout.ts';

/** Keeps what was found of the queries of files that are open, for the time in which they cannot be read. */
export async function noteQueries(lookout: Lookout, own: readonly RuleFindings[]): Promise<void> {
  for (const { rule } of own) {
    const { file } = rule.map;
    const text = lookout.held.get(file);
    if (text !== undefined) await noteQuery(lookout, file, text, rule);
  }
}

async function noteQuery(lookout: Lookout, file: string, text: string, rule: Rule): Promise<void> {
  const asked = rule.query.trimEnd();
  const query = heldQueries(file, text).find((one) => one.text.trim() !== '' && asked.endsWith(one.text.trim()));
  if (!query) return;
  const before = lookout.known.get(file)?.[query.index] ?? null;
  const { prepared } = await prepareRule(rule, lookout.analyst);
  const isRefused = prepared.findings.some(({ severity }) => severity === 'error');
  const named = prepared.columns?.map(({ name }) => name) ?? prepared.openColumns ?? null;
  const found: KnownQuery = {
    rule: rule.id,
    columns: isRefused ? (before?.columns ?? named) : named,
    tables: isRefused && before ? before.tables : [...new Set(prepared.tables.map(({ table }) => table))],
    params: rule.params,
    prelude: asked.slice(0, asked.length - query.text.trim().length),
  };
  const known = [...(lookout.known.get(file) ?? [])];
  known[query.index] = found;
  lookout.known.set(file, known);
}
