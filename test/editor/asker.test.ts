import { describe, expect, it } from '@jest/globals';
import type { EditorQuestion } from '../../src/editor/question.ts';
import { createAsker } from '../../src/editor/worker/asker.ts';
import type { EditorHand } from '../../src/editor/worker/editor-hand.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';

const fold = (file: string) => ({ name: 'fold', file }) as const;
const wish = { rank: 1, isStale: () => false };

/** Hands whose questions are answered when a test says so. */
function createHands() {
  const asked: { readonly question: EditorQuestion; answer(value: unknown): void; fail(): void }[] = [];
  const state = { started: 0, ended: 0, worked: 0 };
  const start = (): EditorHand => {
    state.started += 1;
    return {
      ask: (question) =>
        new Promise((answer, reject) => asked.push({ question, answer, fail: () => reject(new Error('gone')) })),
      worked: () => state.worked,
      end: () => {
        state.ended += 1;
      },
    };
  };
  return { asked, state, start };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('questions to who looks', () => {
  it('are asked one after another, the lowest rank first, and such as nobody wants any more not at all', async () => {
    const hands = createHands();
    const asker = createAsker({ clock: createManualClock(0), log: silentLog, start: hands.start, longestMs: 1000 });
    const first = asker.ask(fold('a'), wish);
    const seen = asker.ask(fold('seen'), { rank: 4, isStale: () => false });
    const stale = asker.ask(fold('stale'), { rank: 1, isStale: () => true });
    const typed = asker.ask(fold('typed'), wish);
    hands.asked[0]?.answer([]);
    expect([await first, await stale]).toEqual([[], null]);
    await turn();
    hands.asked[1]?.answer([]);
    await typed;
    await turn();
    hands.asked[2]?.answer([]);
    await seen;
    expect(hands.asked.map(({ question }) => 'file' in question.ask && question.ask.file)).toEqual([
      'a',
      'typed',
      'seen',
    ]);
  });

  it('tell texts once, and all of them to one who starts anew', async () => {
    const hands = createHands();
    const asker = createAsker({ clock: createManualClock(0), log: silentLog, start: hands.start, longestMs: 1000 });
    asker.hold('a', '1');
    asker.hold('b', '2');
    const first = asker.ask(fold('a'), wish);
    hands.asked[0]?.answer([]);
    await first;
    asker.hold('b', null);
    const lost = asker.ask(fold('a'), wish);
    hands.asked[1]?.fail();
    expect(await lost).toBeNull();
    const again = asker.ask(fold('a'), wish);
    await turn();
    hands.asked[2]?.answer([]);
    await again;
    expect(hands.asked.map(({ question }) => question.texts)).toEqual([
      [
        { file: 'a', text: '1' },
        { file: 'b', text: '2' },
      ],
      [{ file: 'b', text: null }],
      [{ file: 'a', text: '1' }],
    ]);
    expect(hands.state).toMatchObject({ started: 2, ended: 1 });
  });

  it('are given up where one takes too long, by what it has worked', async () => {
    const hands = createHands();
    const clock = createManualClock(0);
    const asker = createAsker({ clock, log: silentLog, start: hands.start, longestMs: 1000 });
    const given = asker.ask(fold('a'), wish);
    await clock.advance(3000);
    expect(hands.state.ended).toBe(0);
    hands.state.worked = 1000;
    await clock.advance(1000);
    expect([await given, hands.state.ended]).toEqual([null, 1]);
  });
});
