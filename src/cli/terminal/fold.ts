import { stripVTControlCharacters } from 'node:util';

/** Lines of at most `width` places, broken between words; a longer word has a line of its own and is never cut. */
export function foldWords(text: string, width: number): readonly string[] {
  if (shownWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter(Boolean)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || shownWidth(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** The places that the longest word of a text takes. */
export function longestWord(text: string): number {
  return Math.max(0, ...text.split(' ').map(shownWidth));
}

const PLAIN = /^[\u0020-\u007e]*$/;
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
const NOTHING = /[\p{Mark}\p{Format}]/u;

/** How many places of a terminal a text takes. */
export function shownWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of stripVTControlCharacters(text)) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  if (NOTHING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
