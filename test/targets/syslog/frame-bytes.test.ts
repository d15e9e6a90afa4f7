import { describe, expect, it } from '@jest/globals';
import { frameBytes } from '../../../src/targets/syslog/frame-bytes.ts';

describe('the bytes of frames', () => {
  it('are those of UTF-8, whatever was written before and behind them', () => {
    const texts = Array.from({ length: 300 }, (_, at) => `${at} ${'aü€😀\ud800'[at % 6] ?? ''}`.repeat(at * 4));
    const frames = [...texts, 'ü'.repeat(100_000), ''].map((text) => ({ text, bytes: frameBytes(text) }));
    for (const { text, bytes } of frames) expect(bytes.equals(Buffer.from(text))).toBe(true);
  });

  it.each([1000, 5000, 6000, 60_000, 100_000])('of %d characters keep little more memory than they need', (length) => {
    const frames = Array.from({ length: 200 }, () => frameBytes('x'.repeat(length)));
    const kept = [...new Set(frames.map(({ buffer }) => buffer))].reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(kept).toBeLessThan(1.15 * 200 * length + 2 * 256 * 1024);
  });
});
