import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { AnswerTo, AskName, EditorAsk, HeldText } from '../question.ts';
import type { EditorHand } from './editor-hand.ts';

/** Puts questions to who looks, one after another. */
export interface Asker {
  /** From now on the editor holds this text; null: it does not any more. */
  hold(file: string, text: string | null): void;
  /** null: nobody wants the answer any more, or there is none. */
  ask<Name extends AskName>(ask: EditorAsk<Name>, wish: Wish): Promise<AnswerTo<Name> | null>;
  /** Starts who looks before anything is asked. */
  warmUp(): void;
  close(): void;
}

export interface Wish {
  /** Who is lower goes first: a person waits for a completion, and not for findings. */
  readonly rank: number;
  /** Whether nobody wants the answer any more. */
  readonly isStale: () => boolean;
}

export interface AskerDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly start: () => EditorHand;
  /** The longest that one answer may take of a processor, in ms. */
  readonly longestMs: number;
}

interface Waiting extends Wish {
  readonly ask: EditorAsk;
  readonly done: (answer: unknown) => void;
}

interface Asking {
  readonly deps: AskerDeps;
  readonly texts: Map<string, string>;
  /** Files whose texts the hand does not have as they are. */
  readonly news: Set<string>;
  waiting: Waiting[];
  hand: EditorHand | null;
  isBusy: boolean;
  isClosed: boolean;
}

export function createAsker(deps: AskerDeps): Asker {
  const asking: Asking = {
    deps,
    texts: new Map(),
    news: new Set(),
    waiting: [],
    hand: null,
    isBusy: false,
    isClosed: false,
  };
  return {
    hold: (file, text) => {
      if (text === null) asking.texts.delete(file);
      else asking.texts.set(file, text);
      asking.news.add(file);
    },
    ask: (ask, wish) =>
      new Promise((resolve) => {
        asking.waiting.push({ ask: ask as EditorAsk, ...wish, done: (answer) => resolve(answer as never) });
        void work(asking);
      }),
    warmUp: () => {
      asking.hand ??= startHand(asking);
    },
    close: () => {
      asking.isClosed = true;
      endHand(asking);
    },
  };
}

async function work(asking: Asking): Promise<void> {
  if (asking.isBusy) return;
  asking.isBusy = true;
  for (let next = nextOf(asking); next; next = nextOf(asking)) next.done(await answerOf(asking, next.ask));
  asking.isBusy = false;
}

/** The first of the lowest rank that somebody still wants. */
function nextOf(asking: Asking): Waiting | null {
  const stale = asking.waiting.filter((one) => asking.isClosed || one.isStale());
  asking.waiting = asking.waiting.filter((one) => !stale.includes(one));
  for (const one of stale) one.done(null);
  const [first] = [...asking.waiting].sort((a, b) => a.rank - b.rank);
  asking.waiting = asking.waiting.filter((one) => one !== first);
  return first ?? null;
}

async function answerOf(asking: Asking, ask: EditorAsk): Promise<unknown> {
  const { deps } = asking;
  const stop = new AbortController();
  try {
    asking.hand ??= startHand(asking);
    const answer = asking.hand.ask({ texts: newsOf(asking), ask });
    return await Promise.race([answer, patience(asking, asking.hand, stop.signal)]);
  } catch (error) {
    if (!asking.isClosed) deps.log.warn('an answer could not be given', { asked: ask.name, error: String(error) });
    endHand(asking);
    return null;
  } finally {
    stop.abort();
  }
}

/** One that starts knows no text. */
function startHand(asking: Asking): EditorHand {
  for (const file of asking.texts.keys()) asking.news.add(file);
  return asking.deps.start();
}

function newsOf({ news, texts }: Asking): readonly HeldText[] {
  const told = [...news].map((file) => ({ file, text: texts.get(file) ?? null }));
  news.clear();
  return told;
}

/** The next question starts another. */
function endHand(asking: Asking): void {
  asking.hand?.end();
  asking.hand = null;
}

const LOOKS = 8;
/** On a machine with other things to do a process gets less time than passes. */
const LONGEST_WAITS = 12;

async function patience({ deps }: Asking, hand: EditorHand, stop: AbortSignal): Promise<never> {
  const { clock, longestMs } = deps;
  const [begun, before] = [clock.monotonic(), hand.worked()];
  for (;;) {
    const isOver = await clock.sleep(longestMs / LOOKS, stop).then(
      () => false,
      () => true,
    );
    if (isOver) return new Promise(() => undefined);
    const passed = clock.monotonic() - begun;
    const worked = hand.worked();
    const work = before === null || worked === null ? passed : worked - before;
    if (Math.min(passed, work) >= longestMs || passed >= LONGEST_WAITS * longestMs)
      throw new Error('It took too long to look at the text.');
  }
}
