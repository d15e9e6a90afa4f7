import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Analyst } from '../kql/prepared.ts';
import { prepareRule } from './prepare-rules.ts';
import { readRulesOfText, type TextReader } from './read-text.ts';
import type { Rule } from './rule.ts';

export interface AheadSettings {
  readonly analyst: Pick<Analyst, 'prepare'>;
  /** Whether what rules of a file ask is wanted. */
  readonly isWanted: (file: string) => boolean;
  /** Told after each file how many rules were read that are wanted; false: nothing is asked yet. */
  readonly asks: (read: number) => boolean;
}

/** A reader that lets the queries of rules be analyzed while others are read. */
export interface AheadReader {
  readonly reader: TextReader;
  /** Nothing further is asked: all is read. */
  readonly stop: () => void;
}

/** Twice what most machines have workers: none waits, and no more is asked in vain where overlays say other than the files. */
const MOST_AHEAD = 8;

/** The analyst keeps the answers, so that who asks the same later has them. */
export function createAheadReader({ analyst, isWanted, asks }: AheadSettings): AheadReader {
  const waiting: Rule[] = [];
  let [read, running, isOver] = [0, 0, false];
  const ask = (): void => {
    while (running < MOST_AHEAD && !isOver) {
      const rule = waiting.shift();
      if (!rule) return;
      running += 1;
      prepareRule(rule, analyst)
        .catch(() => undefined)
        .finally(() => {
          running -= 1;
          ask();
        });
    }
  };
  return {
    reader: async (file, text) => {
      const reading = readRulesOfText(file, text);
      if (!isWanted(file)) return reading;
      const rules = reading.found.flatMap(({ rule }) => rule ?? []);
      waiting.push(...rules);
      read += rules.length;
      if (asks(read)) ask();
      // Files are read without a pause, in which answers could come.
      await nextTurn();
      return reading;
    },
    stop: () => {
      isOver = true;
    },
  };
}
