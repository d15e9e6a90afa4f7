import type { Column } from '../../kql/types.ts';
import { DAY_MS } from '../../lib/duration.ts';
import type { RunnableRule } from '../../rules/rule.ts';

/** What an answer told of a rule that was asked alone. */
export interface LearntAnswer {
  /** Of the rule as it was asked. */
  readonly hash: string;
  readonly columns: readonly Column[];
  readonly runMs: number;
  readonly rows: number;
  /** Monotonic ms. */
  readonly at: number;
}

/** What has been learnt of rules and of pairs of them, for a day: then each is asked alone again. In memory only. */
export interface PackMemory {
  learn(ruleId: string, answer: LearntAnswer): void;
  /** The rule has to be asked alone first. */
  forget(ruleId: string): void;
  answerOf(rule: Pick<RunnableRule, 'id' | 'hash'>, now: number): LearntAnswer | null;
  /** Each of the one side does not go together with any of the other. */
  keepApart(one: readonly string[], other: readonly string[], now: number): void;
  goTogether(one: string, other: string, now: number): boolean;
}

const KEPT_MS = DAY_MS;
const MOST_PAIRS = 10_000;

export function createPackMemory(): PackMemory {
  const answers = new Map<string, LearntAnswer>();
  const apart = new Map<string, number>();
  return {
    learn: (ruleId, answer) => void answers.set(ruleId, answer),
    forget: (ruleId) => void answers.delete(ruleId),
    answerOf: ({ id, hash }, now) => {
      const answer = answers.get(id);
      return answer && answer.hash === hash && now - answer.at < KEPT_MS ? answer : null;
    },
    keepApart: (one, other, now) => {
      for (const a of one) for (const b of other) remember(apart, pairOf(a, b), now);
    },
    goTogether: (one, other, now) => now - (apart.get(pairOf(one, other)) ?? Number.NEGATIVE_INFINITY) >= KEPT_MS,
  };
}

function pairOf(one: string, other: string): string {
  return JSON.stringify(one < other ? [one, other] : [other, one]);
}

/** The pair that has not failed for longest goes first. */
function remember(apart: Map<string, number>, pair: string, now: number): void {
  apart.delete(pair);
  apart.set(pair, now);
  const [oldest] = apart.keys();
  if (apart.size > MOST_PAIRS && oldest !== undefined) apart.delete(oldest);
}
