import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..');
const IMAGES = join(ROOT, 'docs/images');

interface Picture {
  readonly title: string;
  readonly columns: number;
}

const { DEMO_PICTURE, drawTerminal } = (await import(join(ROOT, 'scripts/picture/draw-terminal.mjs'))) as {
  readonly DEMO_PICTURE: Picture;
  drawTerminal(text: string, picture: Picture): string;
};

describe('the pictures of README.md', () => {
  it('are there, small, and shown with words for who does not see them', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    for (const name of ['demo.svg', 'report.png']) {
      expect(readme).toMatch(new RegExp(`!\\[[^\\]]{20,}\\]\\(docs/images/${name}\\)`));
      expect(statSync(join(IMAGES, name)).size).toBeLessThan(100_000);
    }
    expect(readFileSync(join(IMAGES, 'report.png')).subarray(1, 4).toString()).toBe('PNG');
  });

  it('of the console are there, small, and shown with words', () => {
    const page = readFileSync(join(ROOT, 'docs/console.md'), 'utf8');
    for (const name of ['overview', 'rules', 'rule', 'alert']) {
      const file = `console-${name}.png`;
      expect(page).toMatch(new RegExp(`!\\[[^\\]]{20,}\\]\\(images/${file}\\)`));
      expect(statSync(join(IMAGES, file)).size).toBeLessThan(150_000);
      expect(readFileSync(join(IMAGES, file)).subarray(1, 4).toString()).toBe('PNG');
    }
  });

  it('hold what the demo showed, as the script draws it', () => {
    const shown = readFileSync(join(IMAGES, 'demo.ansi'), 'utf8');
    expect(shown).toContain('attacks found, every alert received by both targets');
    expect(readFileSync(join(IMAGES, 'demo.svg'), 'utf8')).toBe(drawTerminal(shown, DEMO_PICTURE));
  });

  it('have colours and columns of a terminal, and nothing of its codes', () => {
    const drawn = drawTerminal('\u001b[31mred\u001b[39m  <b>\n\u001b[1mabcdefgh\u001b[22m\n', {
      title: 'T',
      columns: 6,
    });
    const texts = [...drawn.matchAll(/<text x="(\d+)" y="(\d+)" fill="(#\w+)"[^>]*>([^<]*)</g)].map((one) =>
      one.slice(1),
    );
    expect(texts).toEqual([
      ['16', '29', '#ff7b72', 'red'],
      ['56', '29', '#e6edf3', '&lt;'],
      ['16', '47', '#e6edf3', 'b&gt;'],
      ['16', '65', '#e6edf3', 'abcdef'],
      ['16', '83', '#e6edf3', 'gh'],
    ]);
    expect(drawn).not.toContain('\u001b');
  });
});
