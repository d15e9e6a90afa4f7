import { expansionOf } from './expansion.ts';
import { kqlTokens } from './tokens.ts';

/** Functions whose arguments the parser compares with each other: twice as many take four times as long. */
const COMPARING = new Set(['case', 'iff', 'iif', 'coalesce', 'max_of', 'min_of']);
/** Ten times what people write; the parser needs some three seconds for so many. */
const MAX_ARGUMENTS = 1000;
/** As deep as brackets may stand. */
const MAX_SIGNS = 2000;
const OPENING = new Set(['(', '[', '{']);
const CLOSING = new Set([')', ']', '}']);

/** The parser gives up names and types at 500 levels, and takes half a minute for 30,000. */
const MAX_NESTING = 2000;
/** Ten times what a long query with functions comes to; the parser needs a second or two for so many. */
const MAX_EXPANSION = 20_000;
/** A chain nests as brackets do, and is given up as early; the parser needs a second or two for so many links. */
const MAX_LINKS = 4000;
const LINKS = new Set(['+', '-', '*', '/', '%', 'and', 'or']);
const TOO_DEEP = 'The query is nested too deep to be analyzed.';

/** Why a query would keep the parser busy for long although it is short; null: it would not. Linear in its length. */
export function burdenOf(text: string): string | null {
  const overload = overloadOf(text);
  if (overload !== null) return overload;
  const isExpanding = expansionOf(text) > MAX_EXPANSION;
  return isExpanding ? 'The `let` statements of the query use each other too often to be analyzed.' : null;
}

/** What of its tokens would keep the parser busy: brackets in brackets, signs, chains of operators and pipes, calls with too many arguments. */
export function overloadOf(text: string): string | null {
  const calls: Call[] = [newCall('')];
  let signs = 0;
  let before = '';
  for (const { text: token } of kqlTokens(text)) {
    signs = token === '-' || token === '+' ? signs + 1 : 0;
    if (signs > MAX_SIGNS) return TOO_DEEP;
    const call = follow(calls, token, before);
    if (calls.length > MAX_NESTING + 1 || call.links > MAX_LINKS || call.pipes > MAX_LINKS) return TOO_DEEP;
    if (call.arguments > MAX_ARGUMENTS && COMPARING.has(call.name))
      return `A call of ${call.name}() has more than ${MAX_ARGUMENTS} arguments, which are too many to be analyzed.`;
    before = token;
  }
  return null;
}

/** What stands in brackets, with the word before them, and how long its longest chain is so far. */
interface Call {
  readonly name: string;
  arguments: number;
  links: number;
  pipes: number;
}

function newCall(name: string): Call {
  return { name, arguments: 1, links: 0, pipes: 0 };
}

/** The innermost call behind this token. */
function follow(calls: Call[], token: string, before: string): Call {
  if (OPENING.has(token)) calls.push(newCall(token === '(' ? before : ''));
  else if (CLOSING.has(token)) calls.pop();
  const call = calls.at(-1) ?? newCall('');
  if (calls.length === 0) calls.push(call);
  count(call, token);
  return call;
}

function count(call: Call, token: string): void {
  if (token === ',') call.arguments += 1;
  if (LINKS.has(token)) call.links += 1;
  if (token === '|') call.pipes += 1;
  if (token === ';') call.pipes = 0;
  if (token === ',' || token === '|' || token === ';') call.links = 0;
}
