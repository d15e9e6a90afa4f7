/** One of the parts that a target is divided into, by the order keys of what waits for it. */
export interface TargetShard {
  readonly target: string;
  /** From 0 on. */
  readonly index: number;
  /** How many parts there are; 1: the target is not divided. */
  readonly of: number;
}

/** No target's name has it in it. */
const DIVIDER = '#';

/** As leases and the state call it: `soar#1/4`, or the name of a target that is not divided. */
export function shardName({ target, index, of }: TargetShard): string {
  return of === 1 ? target : `${target}${DIVIDER}${index}/${of}`;
}

export function readShard(name: string): TargetShard {
  const [target = name, place] = name.split(DIVIDER);
  const [index, of] = (place ?? '0/1').split('/').map(Number);
  return { target, index: index ?? 0, of: of ?? 1 };
}

/** All parts of a target, by their names. */
export function shardNames(target: string, of: number): string[] {
  return Array.from({ length: of }, (_, index) => shardName({ target, index, of }));
}

/** Names of parts of a target, and no others, lie between these in the order of their characters. */
export function shardRange(target: string): { readonly from: string; readonly below: string } {
  return { from: `${target}${DIVIDER}`, below: `${target}${String.fromCharCode(DIVIDER.charCodeAt(0) + 1)}` };
}
