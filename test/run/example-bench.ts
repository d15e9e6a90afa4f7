import { expect } from '@jest/globals';
import type { RawRow } from '../../src/engine/data/row-table.ts';
import { createAnalyst } from '../../src/kql/analyst.ts';
import type { HuntwireError } from '../../src/lib/errors.ts';
import { parseRules } from '../../src/rules/load-rules.ts';
import { prepareRules } from '../../src/rules/prepare-rules.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import type { QueryRequest } from '../../src/sources/source.ts';
import { ruleText } from '../rules/rule-text.ts';
import { openBench } from './bench.ts';
import { T0 } from './story.ts';
import { tablesSource } from './tables-source.ts';

const analyst = createAnalyst({ form: 'in-process' });

/** The rule of `ruleText` with these keys, its query analyzed. */
export async function analyzedRule(keys: Readonly<Record<string, string>>): Promise<RunnableRule> {
  const { rules, problems } = parseRules('rule.yaml', ruleText(keys));
  const prepared = await prepareRules(rules, analyst);
  const [rule] = prepared.rules;
  if (!rule) throw new Error(JSON.stringify([...problems, ...prepared.problems]));
  return rule;
}

const iso = (time: number): string => new Date(time).toISOString();

/** A row that happened at `at` and arrived then, or at `arrived`. Each has a report id of its own. */
let reports = 0;
export function event(at: number, cells: RawRow, arrived = at): RawRow {
  reports += 1;
  return {
    Timestamp: iso(at),
    ReportId: reports,
    DeviceId: 'd1',
    DeviceName: 'pc1',
    ...cells,
    _ingested: iso(arrived),
  };
}

/** A bench over tables whose rows arrive while time goes on; `run` waits and takes the due turn, which must succeed. */
export function setUpTables(
  tables: Readonly<Record<string, RawRow[]>>,
  start = T0,
  fails: (request: QueryRequest) => HuntwireError | null = () => null,
) {
  const bench = openBench({ start, source: (clock) => tablesSource({ tables, now: clock.now, fails }) });
  const detections = () => bench.told.filter((alert) => alert.kind === 'detection');
  const run = async (rule: RunnableRule, wait: number) => {
    await bench.clock.advance(wait);
    const report = await bench.turn(rule);
    expect(report?.run.error ?? null).toBeNull();
    return report;
  };
  return { bench, detections, run };
}
