import { kqlTokens } from './tokens.ts';

/** Functions whose arguments the parser compares with each other: twice as many take four times as long. */
const COMPARING = new Set(['case', 'iff', 'iif', 'coalesce', 'max_of', 'min_of']);
/** Ten times what people write; the parser needs some three seconds for so many. */
const MAX_ARGUMENTS = 1000;
/** As deep as brackets may stand. */
const MAX_SIGNS = 2000;
const OPENING = new Set(['(', '[', '{']);
const CLOSING = new Set([')', ']', '}']);

/** Why a query would keep the parser busy for minutes although it is short; null: it would not. Linear in its length. */
export function overloadOf(text: string): string | null {
  const calls: Call[] = [];
  let signs = 0;
  let before = '';
  for (const { text: token } of kqlTokens(text)) {
    signs = token === '-' || token === '+' ? signs + 1 : 0;
    if (signs > MAX_SIGNS) return 'The query is nested too deep to be analyzed.';
    const call = follow(calls, token, before);
    if (call && call.arguments > MAX_ARGUMENTS && COMPARING.has(call.name))
      return `A call of ${call.name}() has more than ${MAX_ARGUMENTS} arguments, which are too many to be analyzed.`;
    before = token;
  }
  return null;
}

/** What stands in brackets, with the word before them. */
interface Call {
  readonly name: string;
  arguments: number;
}

/** The innermost call behind this token. */
function follow(calls: Call[], token: string, before: string): Call | undefined {
  if (OPENING.has(token)) calls.push({ name: token === '(' ? before : '', arguments: 1 });
  else if (CLOSING.has(token)) calls.pop();
  const call = calls.at(-1);
  if (token === ',' && call) call.arguments += 1;
  return call;
}
