import type { RunnableRule } from '../../rules/rule.ts';
import { LANES, type Lane } from '../../sources/quota/lanes.ts';
import type { RunLane } from '../../state/run-record.ts';

/** Due runs go by severity, all that catches up or is swept goes last. */
export function laneOf(rule: RunnableRule, kind: RunLane): Lane {
  return kind === 'due' ? rule.severity : 'backlog';
}

export type TurnKind = 'due' | 'backlog';

/** A turn that waits for the quota. Times in monotonic ms. */
export interface WaitingTurn<Item> {
  readonly item: Item;
  readonly kind: TurnKind;
  readonly lane: Lane;
  /** Since when it waits. */
  readonly dueAt: number;
  /** After each such wait it rises a lane. */
  readonly riseMs: number;
}

export interface NextTurn<Item> {
  readonly turn: WaitingTurn<Item>;
  /** The lane that it has risen to, or its own. */
  readonly lane: Lane;
  readonly isRisen: boolean;
}

/**
 * Turns that are ready, served lane by lane and within a lane in the order of their due times. Who waits long rises, so that no rule
 * starves; but while others wait, at most every fourth call goes to a risen turn, and risen ones that are due and that catch up take turns.
 */
export interface ReadyTurns<Item> {
  readonly size: number;
  add(turn: WaitingTurn<Item>): void;
  /** The next turn whose item `skip` does not name, left where it is. `below`: only of lanes before that one, as it and those behind have no room. */
  peek(now: number, skip: (item: Item) => boolean, below?: Lane | null): NextTurn<Item> | null;
  /** All of them, in the order of their lanes and times. */
  waiting(now: number): readonly NextTurn<Item>[];
  remove(turn: WaitingTurn<Item>): void;
  /** Takes away all whose items it is so of. */
  drop(isSo: (item: Item) => boolean): void;
  /** A call went to the turn. */
  spend(next: NextTurn<Item>): void;
  /** Puts another item in the place of each. */
  replace(change: (item: Item) => Item): void;
}

/** So many calls go to others for each that goes to a risen turn. */
const OTHERS = 3;

interface Queue<Item> {
  turns: WaitingTurn<Item>[];
  /** Calls that others have before a risen turn may go again. */
  owed: number;
  latest: TurnKind | null;
}

export function createReadyTurns<Item>(): ReadyTurns<Item> {
  const queue: Queue<Item> = { turns: [], owed: 0, latest: null };
  return {
    get size() {
      return queue.turns.length;
    },
    add: (turn) => {
      queue.turns.push(turn);
    },
    peek: (now, skip, below = null) => choose(queue, now, skip, below),
    waiting: (now) => inOrder(queue.turns.map((turn) => risenTurn(turn, now))),
    remove: (turn) => {
      queue.turns = queue.turns.filter((one) => one !== turn);
    },
    drop: (isSo) => {
      queue.turns = queue.turns.filter((turn) => !isSo(turn.item));
    },
    spend: (next) => spend(queue, next),
    replace: (change) => {
      queue.turns = queue.turns.map((turn) => ({ ...turn, item: change(turn.item) }));
    },
  };
}

function choose<Item>(
  queue: Queue<Item>,
  now: number,
  skip: (item: Item) => boolean,
  below: Lane | null,
): NextTurn<Item> | null {
  let ordinary: NextTurn<Item> | null = null;
  const risen: Record<TurnKind, NextTurn<Item> | null> = { due: null, backlog: null };
  for (const turn of queue.turns) {
    if (skip(turn.item)) continue;
    const next = risenTurn(turn, now);
    if (below !== null && LANES.indexOf(next.lane) >= LANES.indexOf(below)) continue;
    if (next.isRisen) risen[turn.kind] = earlier(risen[turn.kind], next);
    else ordinary = earlier(ordinary, next);
  }
  if (ordinary && queue.owed > 0) return ordinary;
  const ahead = [risen.due, risen.backlog].filter((next) => next !== null).filter((next) => goesBefore(next, ordinary));
  const others = ahead.filter((next) => next.turn.kind !== queue.latest);
  return (others.length > 0 ? others : ahead).reduce<NextTurn<Item> | null>(earlier, null) ?? ordinary;
}

/** Where a turn stands at `now`, as long as it has waited. */
export function risenTurn<Item>(turn: WaitingTurn<Item>, now: number): NextTurn<Item> {
  const own = LANES.indexOf(turn.lane);
  const place = Math.max(0, own - Math.floor(Math.max(0, now - turn.dueAt) / turn.riseMs));
  return { turn, lane: LANES[place] ?? turn.lane, isRisen: place < own };
}

function inOrder<Item>(turns: readonly NextTurn<Item>[]): readonly NextTurn<Item>[] {
  return [...turns].sort((a, b) => LANES.indexOf(a.lane) - LANES.indexOf(b.lane) || a.turn.dueAt - b.turn.dueAt);
}

function goesBefore<Item>(next: NextTurn<Item>, other: NextTurn<Item> | null): boolean {
  return earlier(other, next) === next;
}

/** The one of the better lane, or within a lane the one that is due longer; `first` where they are alike. */
function earlier<Item>(first: NextTurn<Item> | null, second: NextTurn<Item>): NextTurn<Item> {
  if (!first) return second;
  const difference = LANES.indexOf(second.lane) - LANES.indexOf(first.lane) || second.turn.dueAt - first.turn.dueAt;
  return difference < 0 ? second : first;
}

function spend<Item>(queue: Queue<Item>, { turn, isRisen }: NextTurn<Item>): void {
  if (!isRisen) {
    queue.owed = Math.max(0, queue.owed - 1);
    return;
  }
  queue.latest = turn.kind;
  if (queue.turns.some((one) => one !== turn)) queue.owed += OTHERS;
}
