import { describe, expect, it } from '@jest/globals';
import { type Parcel, type PartOutcome, sendInParts } from '../../../src/targets/batch/send-in-parts.ts';
import { again, blocked, DELIVERED, refused } from '../../../src/targets/delivery-result.ts';
import { noSignal, sampleDelivery } from '../sample-alert.ts';

const parcels = (...texts: string[]): Parcel[] => texts.map((text) => ({ delivery: sampleDelivery(text), text }));
const WIDE = { maxBytes: 1000, extraBytes: 1 };

async function play(answer: (texts: string[]) => PartOutcome, all: Parcel[], limits = WIDE, signal = noSignal()) {
  const sent: string[] = [];
  const send = async (part: readonly Parcel[]) => {
    sent.push(part.map(({ text }) => text).join(' '));
    return answer(part.map(({ text }) => text));
  };
  const results = await sendInParts(all, limits, send, signal);
  return { sent, kinds: results.map(({ kind }) => kind) };
}

describe('parcels', () => {
  it('go in as few requests as their bytes allow; one that is too large goes by itself', async () => {
    const { sent, kinds } = await play(() => DELIVERED, parcels('aa', 'bb', 'ää', 'x'.repeat(20), 'c', 'd'), {
      maxBytes: 9,
      extraBytes: 1,
    });
    expect(sent).toEqual(['aa bb', 'ää', 'x'.repeat(20), 'c d']);
    expect(kinds).toEqual(Array(6).fill('delivered'));
  });

  it('have each the result that is said of them', async () => {
    const { kinds } = await play(() => [DELIVERED, refused('no'), again('later')], parcels('a', 'b', 'c', 'd'));
    expect(kinds).toEqual(['delivered', 'refused', 'again', 'again']);
  });

  it('that are refused together are divided until the one is known', async () => {
    const answer = (texts: string[]) => (texts.includes('bad') ? refused('no') : DELIVERED);
    const { sent, kinds } = await play(answer, parcels('a', 'b', 'bad', 'c', 'd'));
    expect(kinds).toEqual(['delivered', 'delivered', 'refused', 'delivered', 'delivered']);
    expect(sent).toEqual(['a b bad c d', 'a b bad', 'a b', 'bad', 'c d']);
  });

  it.each([again('busy'), blocked('closed')])('are not sent any more once nothing is taken: $kind', async (result) => {
    const { sent, kinds } = await play((texts) => (texts[0] === 'a' ? DELIVERED : result), parcels('a', 'b', 'c'), {
      maxBytes: 2,
      extraBytes: 1,
    });
    expect(sent).toEqual(['a', 'b']);
    expect(kinds).toEqual(['delivered', result.kind, result.kind]);
  });

  it('are not sent behind a stop', async () => {
    const { sent, kinds } = await play(() => DELIVERED, parcels('a', 'b'), WIDE, AbortSignal.abort());
    expect([sent, kinds]).toEqual([[], ['again', 'again']]);
  });
});
