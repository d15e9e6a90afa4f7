import type { DeliveryPart } from '../outbox/parts/delivery-part.ts';
import { readShard, shardNames } from '../state/target-shard.ts';
import type { Generation } from './generation.ts';

/** The parts that deliveries are divided into, by their names: targets, and of each that is divided all shards. */
export function targetParts(targets: Generation['targets']): readonly string[] {
  return [...targets].flatMap(([name, { config }]) => shardNames(name, Number(config.shards ?? 1)));
}

export function deliveryPart(name: string): DeliveryPart {
  const { target, index, of } = readShard(name);
  return { kind: 'target', name: target, ...(of > 1 && { shard: { name, index, of } }) };
}
