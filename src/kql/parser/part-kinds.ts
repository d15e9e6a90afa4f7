import type { ForeignSyntax } from './foreign.ts';

type Ask = (this: ForeignSyntax) => unknown;
type AskAt = (this: ForeignSyntax, index: number) => unknown;

/** How parts of one class of the parser's tree are asked, and what is the same of all of them. */
export interface PartKind {
  readonly isToken: boolean;
  readonly isLiteral: boolean;
  /** Whether a part may have a result. */
  readonly isExpression: boolean;
  readonly kind: Ask;
  readonly text: Ask;
  readonly trivia: Ask;
  readonly fullWidth: Ask;
  readonly childCount: Ask;
  readonly child: AskAt;
  readonly childName: AskAt;
}

const known = new Map<object, PartKind>();

/**
 * What the class of a part says, looked up once. A property of objects of a hundred classes is found through a small table of V8: asking
 * each part for a dozen of them takes the room of all others in it, so that the parser itself gets slower, too.
 */
export function partKindOf(part: ForeignSyntax): PartKind {
  const prototype: object = Object.getPrototypeOf(part);
  const found = known.get(prototype);
  if (found) return found;
  const made = makeKind(part, prototype);
  known.set(prototype, made);
  return made;
}

function makeKind(part: ForeignSyntax, prototype: object): PartKind {
  return {
    isToken: Boolean(part.IsToken),
    isLiteral: Boolean(part.IsLiteral),
    isExpression: 'ResultType' in part,
    kind: getterOf(prototype, 'Kind'),
    text: getterOf(prototype, 'Text'),
    trivia: getterOf(prototype, 'Trivia'),
    fullWidth: getterOf(prototype, 'FullWidth'),
    childCount: getterOf(prototype, 'ChildCount'),
    child: part.GetChild,
    childName: part.GetName,
  };
}

/** The function behind a property; of one that lies in the objects a function that asks for it. */
function getterOf(prototype: object, name: keyof ForeignSyntax): Ask {
  for (let at: object | null = prototype; at; at = Object.getPrototypeOf(at)) {
    const getter = Object.getOwnPropertyDescriptor(at, name)?.get;
    if (getter) return getter;
  }
  return function () {
    return this[name];
  };
}
