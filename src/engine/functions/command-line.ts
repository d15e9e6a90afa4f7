import type { ScalarFunction, Value } from '../value.ts';
import { define } from './define.ts';

/** What has been read of a command line. */
interface State {
  readonly done: string[];
  /** The argument that is being read; null between two. */
  current: string | null;
  quoted: boolean;
}

/** Backslashes with the character behind them or with the end, or a run of ordinary characters. */
const PIECE = /(\\*)([^\\]|$)[^\\" \t]*/gsy;

function takeQuote(state: State, slashes: number): void {
  state.current = (state.current ?? '') + '\\'.repeat(Math.floor(slashes / 2)) + (slashes % 2 === 1 ? '"' : '');
  if (slashes % 2 === 0) state.quoted = !state.quoted;
}

function endArgument(state: State): void {
  if (state.current !== null) state.done.push(state.current);
  state.current = null;
}

/** Arguments of a Windows command line: quotes group, `\"` is a quote, backslashes count only before a quote. */
function splitCommandLine(text: string): string[] {
  const state: State = { done: [], current: null, quoted: false };
  for (const [piece, slashes = '', next = ''] of text.matchAll(PIECE)) {
    const isSpace = slashes === '' && !state.quoted && (next === ' ' || next === '\t');
    const rest = piece.slice(slashes.length + next.length);
    if (next === '"') takeQuote(state, slashes.length);
    else if (isSpace) endArgument(state);
    else if (piece !== '') state.current = (state.current ?? '') + slashes + next;
    if (rest !== '') state.current = (state.current ?? '') + rest;
  }
  endArgument(state);
  return state.done;
}

function parseCommandLine(text: string, parser: string): Value {
  if (parser.toLowerCase() !== 'windows' || text.trim() === '') return null;
  return splitCommandLine(text.trim());
}

export const COMMAND_LINE: readonly ScalarFunction[] = [
  define('parse_command_line', ['string', 'string'], parseCommandLine),
];
