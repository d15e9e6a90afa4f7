import { type RawBuilder, sql } from 'kysely';
import type { NamedValues } from '../../steps/bind.ts';
import { compiledOnce } from '../../steps/statement.ts';
import type { AskedRows, Built } from '../../steps/steps.ts';
import { readShard } from '../../target-shard.ts';

/** Where entries wait: at a target, or in one of the parts of a target that is divided. */
export type PartOf = { readonly target: string; readonly shard: number };

/** A statement about the entries of a target, and the same about those of one part, which `build` is told; by the name of either. */
export function forPart<Values extends PartOf, Row>(
  build: (values: Values, isShard: boolean) => Built<Row>,
): (part: string, values: Omit<Values, keyof PartOf> & NamedValues) => AskedRows<Row> {
  const ofTarget = compiledOnce<Values & NamedValues, Row>((values) => build(values, false));
  const ofShard = compiledOnce<Values & NamedValues, Row>((values) => build(values, true));
  return (part, values) => {
    const { target, index, of } = readShard(part);
    const filled = { ...values, target, shard: index } as unknown as Values & NamedValues;
    return of === 1 ? ofTarget(filled) : ofShard(filled);
  };
}

export function targetOfPart(part: string): string {
  return readShard(part).target;
}

/** As its order key says it, which holds for finished entries, too: what is written in those is their part of the time when they waited. */
export function isInShard(part: string, orderKey: string): RawBuilder<boolean> {
  const { index, of } = readShard(part);
  return of === 1 ? sql<boolean>`true` : sql<boolean>`shard_of(${sql.ref(orderKey)}, ${of}) = ${index}`;
}
