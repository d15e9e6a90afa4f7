import { HuntwireError } from '../lib/errors.ts';

/** Whoever nests deeper wants to see what it does to us. */
const DEEPEST = 32;

/** The JSON that a caller sent; nothing at all is an empty object. USAGE where it is no JSON, or nested too deeply. */
export function parseInput(text: string): unknown {
  if (text.trim() === '') return {};
  if (depthOf(text) > DEEPEST) throw new HuntwireError('USAGE', `The input is nested more than ${DEEPEST} deep.`);
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new HuntwireError('USAGE', 'The input is no JSON.', { cause: thrown });
  }
}

/** Brackets in texts do not count; what is no JSON may count wrongly, and is refused anyhow. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
