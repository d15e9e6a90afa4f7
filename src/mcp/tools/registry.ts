import { ACTIONS } from '../../actions/registry.ts';
import type { Allowance, Tool } from '../tool.ts';
import { actionTool, ruleTextTool } from './action-tool.ts';
import { localQuery, tenantQuery } from './queries.ts';
import { listTables, tableSchema } from './tables.ts';

/** What must be allowed for the actions that do more than look; those that are not here are for everybody. */
const NEEDS: Readonly<Record<string, readonly Allowance[]>> = {
  backtest_rule: ['tenant'],
  test_connection: ['tenant'],
  run_rule: ['tenant', 'write'],
  acknowledge_alert: ['write'],
  add_silence: ['write'],
  expire_silence: ['write'],
  replay_dead_letter: ['write'],
  drop_dead_letter: ['write'],
  send_test_alert: ['write'],
};

/** Actions that are no tools of ours, and why. */
export const NO_TOOL: Readonly<Record<string, string>> = {
  run_query: 'is run_hunting_query here, and run_query looks at local data',
  backfill_rule: 'is offered by a process that runs alone',
  reload: 'is offered by a process that runs alone',
};

const OF_TEXT: ReadonlySet<string> = new Set(['validate_rules', 'test_rules', 'explain_rule']);

/** Every tool, whatever is allowed. */
export const TOOLS: readonly Tool[] = [
  ...[listTables, tableSchema, localQuery, tenantQuery],
  ...[...ACTIONS.values()]
    .filter(({ slug }) => !(slug in NO_TOOL))
    .map((action) => (OF_TEXT.has(action.slug) ? ruleTextTool : actionTool)(action, NEEDS[action.slug] ?? [])),
];

/** Those whose needs are all open. */
export function openTools(open: ReadonlySet<Allowance>): readonly Tool[] {
  return TOOLS.filter(({ needs }) => needs.every((allowance) => open.has(allowance)));
}
