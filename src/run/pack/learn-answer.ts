import type { Column } from '../../kql/types.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { Source } from '../../sources/source.ts';
import type { Desk } from '../desk/desk.ts';
import { isPackableRule } from './choose-rides.ts';

/** The tenant's source for a rule that is asked alone; where rules may be asked together, what its answers tell is remembered. */
export function learningSource({ tenant, packing, deps }: Desk, rule: RunnableRule): Source {
  const { source } = tenant;
  if ((source.packRules ?? 1) === 1 || !isPackableRule(rule)) return source;
  const { memory } = packing;
  const query: Source['query'] = async (request, sink) => {
    let columns: readonly Column[] = [];
    const schema = (own: readonly Column[]): void => {
      columns = own;
      sink.schema(own);
    };
    memory.forget(rule.id);
    const { rows, elapsedMs: runMs, ...rest } = await source.query(request, { schema, row: sink.row });
    memory.learn(rule.id, { hash: rule.hash, columns, runMs, rows, at: deps.clock.monotonic() });
    return { rows, elapsedMs: runMs, ...rest };
  };
  return { ...source, query };
}
