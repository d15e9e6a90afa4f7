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

/** A lane that has no room, as have those behind it. */
export interface FullLane {
  readonly lane: Lane;
  /** Until a quarter of an hour ends, whatever room there is for calls. */
  readonly isHeld: boolean;
}

/**
 * Turns that are ready, served lane by lane and within a lane in the order of their due times. Who waits long rises, so that no rule
 * starves; but while others wait, at most every fourth call goes to a risen turn, and risen ones that are due and that catch up take turns.
 */
export interface ReadyTurns<Item> {
  readonly size: number;
  add(turn: WaitingTurn<Item>): void;
  /** The next turn whose item `skip` does not name, left where it is; only of lanes before the one that is full. */
  peek(now: number, skip: (item: Item) => boolean, full?: FullLane | null): NextTurn<Item> | null;
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
    peek: (now, skip, full = null) => choose(queue, now, skip, full),
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
  full: FullLane | null,
): NextTurn<Item> | null {
  const all = queue.turns.filter((turn) => !skip(turn.item)).map((turn) => risenTurn(turn, now));
  const hasRoom = ({ lane }: NextTurn<Item>): boolean => full === null || placeOf(lane) < placeOf(full.lane);
  const waiting = full === null || full.isHeld || queue.owed === 0 ? [] : all.filter((next) => !hasRoom(next));
  let ordinary: NextTurn<Item> | null = null;
  const risen: Record<TurnKind, NextTurn<Item> | null> = { due: null, backlog: null };
  for (const next of all.filter(hasRoom)) {
    if (!next.isRisen) ordinary = earlier(ordinary, next);
    else if (!takesRoomOf(waiting, next)) risen[next.turn.kind] = earlier(risen[next.turn.kind], next);
  }
  if (ordinary && queue.owed > 0) return ordinary;
  const ahead = [risen.due, risen.backlog].filter((next) => next !== null).filter((next) => goesBefore(next, ordinary));
  const others = ahead.filter((next) => next.turn.kind !== queue.latest);
  return (others.length > 0 ? others : ahead).reduce<NextTurn<Item> | null>(earlier, null) ?? ordinary;
}

/**
 * Whether a risen turn owes its call to one of a better lane than its own that waits for room: where it went on in the room that is kept
 * for the best lanes, it would fill what that one waits for, call by call.
 */
function takesRoomOf<Item>(waiting: readonly NextTurn<Item>[], { turn }: NextTurn<Item>): boolean {
  return waiting.some(({ isRisen, lane }) => !isRisen && placeOf(lane) < placeOf(turn.lane));
}

function placeOf(lane: Lane): number {
  return LANES.indexOf(lane);
}

/** Where a turn stands at `now`, as long as it has waited. */
export function risenTurn<Item>(turn: WaitingTurn<Item>, now: number): NextTurn<Item> {
  const own = placeOf(turn.lane);
  const place = Math.max(0, own - Math.floor(Math.max(0, now - turn.dueAt) / turn.riseMs));
  return { turn, lane: LANES[place] ?? turn.lane, isRisen: place < own };
}

function inOrder<Item>(turns: readonly NextTurn<Item>[]): readonly NextTurn<Item>[] {
  return [...turns].sort((a, b) => placeOf(a.lane) - placeOf(b.lane) || a.turn.dueAt - b.turn.dueAt);
}

function goesBefore<Item>(next: NextTurn<Item>, other: NextTurn<Item> | null): boolean {
  return earlier(other, next) === next;
}

/** The one of the better lane, or within a lane the one that is due longer; `first` where they are alike. */
function earlier<Item>(first: NextTurn<Item> | null, second: NextTurn<Item>): NextTurn<Item> {
  if (!first) return second;
  const difference = placeOf(second.lane) - placeOf(first.lane) || second.turn.dueAt - first.turn.dueAt;
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
