import type { RunnableRule } from '../../rules/rule.ts';
import type { Hit } from '../hit.ts';
import type { Matchable } from '../matchers.ts';
import type { Redactor } from '../redaction.ts';
import { attackPairs } from './attack.ts';
import { createDetailsMapper } from './details.ts';
import { createEntityMapper } from './entities.ts';

/** What matchers look at of a hit, as its alert would have it. */
export function createHitSubject(
  tenant: string,
  rule: RunnableRule,
  redactor: Redactor | null = null,
): (hit: Hit) => Matchable {
  const entities = createEntityMapper(rule);
  const detailsOf = createDetailsMapper(rule.alert.details);
  const shared = { kind: 'detection', tenant, rule, attack: attackPairs(rule.attack) } as const;
  return ({ severity, rows: whole }) => {
    const rows = redactor?.rows(whole) ?? whole;
    const [row] = rows;
    const details = row ? detailsOf(row) : {};
    return { ...shared, severity, entities: entities(rows), details };
  };
}
