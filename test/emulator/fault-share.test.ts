import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { FAULT_WORDS, faultAt, readFaultShare } from '../../src/emulator/fault-share.ts';
import { FAULTS } from '../../src/emulator/faults.ts';

describe('a share of faults', () => {
  it.each([
    ['429:0.1', { name: 'throttle-minute', share: 0.1 }],
    ['slow:.05', { name: 'slow', share: 0.05 }],
    ['504:1', { name: 'timeout', share: 1 }],
    ['reset:0', { name: 'reset', share: 0 }],
  ])('is read: %s', (text, share) => {
    expect(readFaultShare(text)).toEqual(share);
  });

  it.each(['429', '429:', '429:2', '429:-0.1', '418:0.1', 'nonsense:0.1', ':0.1', '429:0.1x', 'constructor:0.1', ''])(
    'is not read: %j',
    (text) => {
      expect(readFaultShare(text)).toBeNull();
    },
  );

  it('can name every fault, and each word of the list', () => {
    for (const word of FAULT_WORDS) expect(readFaultShare(`${word}:0.5`)).not.toBeNull();
    expect(FAULT_WORDS).toEqual(expect.arrayContaining([...FAULTS]));
  });

  it('has its row in the documentation, with the status that stands for it', () => {
    const page = readFileSync(new URL('../../docs/emulate.md', import.meta.url), 'utf8');
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    for (const word of FAULT_WORDS) {
      const named = /^\d/.test(word) ? ` ${word} ` : `\`${word}\``;
      expect([word, rows.filter((row) => row.includes(named)).length]).toEqual([word, 1]);
    }
  });

  it('meets as much as it says, and the rest is left alone', () => {
    const shares = [
      { name: 'reset', share: 0.25 },
      { name: 'slow', share: 0.5 },
    ] as const;
    expect([0, 0.24, 0.25, 0.74, 0.75, 0.99].map((number) => faultAt(shares, number))).toEqual([
      'reset',
      'reset',
      'slow',
      'slow',
      null,
      null,
    ]);
    expect(faultAt([], 0)).toBeNull();
  });
});
