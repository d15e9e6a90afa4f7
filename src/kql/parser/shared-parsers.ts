import { type Foreign, member } from './foreign.ts';

/** Functions of `Parsing.SyntaxParsers` that make a small parser, or a part of one, of texts and numbers. */
const OF_TEXTS = [
  'Token$1',
  'Token$4',
  'Token$5',
  'HiddenToken',
  'HiddenToken$2',
  'RequiredToken$1',
  'RequiredToken$4',
  'CreateCompletionItem$1',
  'GetCompletionKind',
  'GetCompletionKind$1',
  'GetDefaultTag',
  'GetDefaultTag$1',
  'MatchText',
];

type Make = (...args: readonly unknown[]) => unknown;
type Makers = Record<string, Make | undefined>;

/**
 * Lets the parser's grammar share the small parsers that it is built of: for every operator it makes those of all parameters of
 * all operators, thousands of times the same, which is half of the time of a first parse. What is made is never changed (what
 * would change a parser changes a copy), so one of a kind is enough. Call it before the first parse. A function that another
 * version of the parser does not have is left out.
 */
export function shareParsers(language: Foreign): void {
  const parsing = member(language, 'Parsing');
  const tokens = member(parsing, 'SyntaxParsers') as unknown as Makers;
  for (const name of OF_TEXTS) shareByTexts(tokens, name);
  shareByPart(tokens, 'Token$3');
  const grammar = member(parsing, 'QueryGrammar') as unknown as Makers;
  shareByPart(grammar, 'AsIdentifierNameDeclaration');
  shareByPart(grammar, 'AsTokenLiteral');
}

function shareByTexts(makers: Makers, name: string): void {
  const make = makers[name];
  if (!make) return;
  const made = new Map<string, unknown>();
  makers[name] = (...args) => {
    if (!args.every(isPlain)) return make(...args);
    const key = JSON.stringify(args.map((arg) => [typeof arg, arg]));
    if (!made.has(key)) made.set(key, make(...args));
    return made.get(key);
  };
}

/** For functions that take one list or parser and nothing else. */
function shareByPart(makers: Makers, name: string): void {
  const make = makers[name];
  if (!make) return;
  const made = new Map<unknown, unknown>();
  makers[name] = (...args) => {
    const [part] = args;
    if (args.length !== 1) return make(...args);
    if (!made.has(part)) made.set(part, make(part));
    return made.get(part);
  };
}

function isPlain(value: unknown): boolean {
  return value === null || !['object', 'function', 'symbol', 'bigint'].includes(typeof value);
}
