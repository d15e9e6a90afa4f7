import jsonata from 'jsonata';
import { HuntwireError } from '../../lib/errors.ts';
import { LinearRegex } from './linear-regex.ts';

/** A JSONata expression that was understood. */
export interface JsonataExpression {
  /** Rejects with what JSONata says, and where a limit was reached. */
  evaluate(input: unknown): Promise<unknown>;
}

/** Milliseconds, nested calls and items: far above what a payload needs, and an end to what has none. */
const LIMITS = { timeout: 1000, stack: 200, sequence: 100_000 };
/** Of a value as JSON: more than any receiver takes. */
const MOST_CHARACTERS = 4_000_000;

/** Throws CONFIG_INVALID that names `where` for what is no JSONata, or has a regex that RE2 does not know. */
export function compileExpression(text: string, where: string): JsonataExpression {
  try {
    const RegexEngine = LinearRegex as unknown as RegExpConstructor;
    const expression = jsonata(text, { RegexEngine, ...LIMITS });
    checkRegexes(expression.ast());
    return {
      evaluate: async (input) => {
        try {
          return plain(await expression.evaluate(input));
        } catch (thrown) {
          throw new HuntwireError('TEMPLATE_FAILED', `{{ ${text.trim()} }}: ${messageOf(thrown)}`, { cause: thrown });
        }
      },
    };
  } catch (thrown) {
    const message = `${where}: "${text.trim()}" is no JSONata: ${messageOf(thrown)}`;
    throw new HuntwireError('CONFIG_INVALID', isCutShort(text) ? `${message}. ${BRACES}` : message);
  }
}

const BRACES = 'Two closing braces end a place: within one, write them apart, as in {"a": {"b": title} }.';

/** Whether a place ended at the braces of an object in it. */
function isCutShort(text: string): boolean {
  return text.split('{').length > text.split('}').length;
}

/** Regexes are made when they are reached; here, so that a wrong one is told at the start. */
function checkRegexes(node: unknown): void {
  if (Array.isArray(node)) for (const one of node) checkRegexes(one);
  else if (node instanceof RegExp) new LinearRegex(node);
  else if (typeof node === 'object' && node !== null) for (const one of Object.values(node)) checkRegexes(one);
}

/** JSONata's sequences carry marks of their own; functions are no values. */
function plain(value: unknown): unknown {
  if (typeof value === 'function' || isFunction(value)) return undefined;
  const text = JSON.stringify(value);
  if (text === undefined) return undefined;
  if (text.length > MOST_CHARACTERS) throw new Error(`The value has more than ${MOST_CHARACTERS} characters.`);
  return JSON.parse(text);
}

function isFunction(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('_jsonata_function' in value || '_jsonata_lambda' in value);
}

/** JSONata throws objects that are no errors. */
function messageOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) return String(thrown.message);
  return String(thrown);
}
