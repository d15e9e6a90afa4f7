import type { TextEdit } from 'vscode-languageserver';
import { meantIn, nearest } from '../../lib/nearest.ts';
import type { LintFinding } from '../../rules/lint/check.ts';
import type { LinedText } from './spans.ts';

const LONGEST_LINE = 2000;

/** Puts the name that a finding says was meant in the place of the one that is written; null: it says none, or it is not clear where. */
export function meantEdit(lined: LinedText, finding: LintFinding): TextEdit | null {
  const { line, column, message, suggestion } = finding;
  const meant = meantIn(`${message} ${suggestion ?? ''}`);
  if (meant === null) return null;
  const start = lined.offsetOf(line, column);
  const rest = /^[^\r\n]*/.exec(lined.text.slice(start, start + LONGEST_LINE))?.[0] ?? '';
  const name = namesOf(rest, message).find((one) => one !== meant && nearest(one, [meant]) !== null);
  if (name === undefined) return null;
  const at = start + wordIn(rest, name);
  return { range: lined.range(at, at + name.length), newText: meant };
}

/** What may be the misspelt name: the word where the finding begins, and words in quotes that stand behind it once. */
function namesOf(rest: string, message: string): readonly string[] {
  const first = /^\W{0,3}([\w-]+)/.exec(rest)?.[1];
  const quoted = [...message.matchAll(/["']([\w-]+)["']/g)].map(([, name = '']) => name);
  const once = quoted.filter((name) => wordIn(rest, name) >= 0 && wordIn(rest, name, wordIn(rest, name) + 1) < 0);
  return first === undefined ? once : [first, ...once];
}

function wordIn(text: string, word: string, from = 0): number {
  for (let at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) {
    const [before = '', after = ''] = [text[at - 1], text[at + word.length]];
    if (!/[\w-]/.test(before) && !/[\w-]/.test(after)) return at;
  }
  return -1;
}
