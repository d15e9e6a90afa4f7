import { usedNames } from '../../kql/used-names.ts';
import type { Problem } from '../../lib/errors.ts';
import { answerWatchlists } from '../watchlists/answer-watchlists.ts';
import type { Watchlist } from '../watchlists/watchlist.ts';
import type { SavedFunction } from './saved-function.ts';

/** The saved functions that rules may use, by name, none of them in a circle, and the lists that they may ask for. */
export interface QueryLibrary {
  readonly functions: ReadonlyMap<string, SavedFunction>;
  /** By the name of a function those that it uses itself. */
  readonly uses: ReadonlyMap<string, readonly string[]>;
  /** By alias. */
  readonly watchlists: ReadonlyMap<string, Watchlist>;
  /** By the name of a function the lists that it asks for itself. */
  readonly asks: ReadonlyMap<string, readonly Watchlist[]>;
}

/** Of functions with one name the first counts; those that use each other in a circle are left out. Both are told. */
export function makeLibrary(
  given: readonly SavedFunction[],
  watchlists: ReadonlyMap<string, Watchlist>,
): {
  readonly library: QueryLibrary;
  readonly problems: readonly Problem[];
} {
  const asks = new Map<string, readonly Watchlist[]>();
  const functions = new Map<string, SavedFunction>();
  const problems: Problem[] = [];
  for (const one of given) {
    const first = functions.get(one.name);
    if (first)
      problems.push(problemAt(one, `${first.file} has a function "${one.name}" already; this one is left out.`));
    else functions.set(one.name, answered(one, watchlists, asks));
  }
  const uses = new Map([...functions].map(([name, { body }]) => [name, usedNames(body, (one) => functions.has(one))]));
  for (const circle of circlesOf(uses)) {
    for (const name of circle) {
      const one = functions.get(name);
      if (one) problems.push(problemAt(one, `Functions use each other in a circle: ${circleText(circle, name)}.`));
      functions.delete(name);
    }
  }
  return { library: { functions, uses, watchlists, asks }, problems };
}

function answered(
  one: SavedFunction,
  watchlists: ReadonlyMap<string, Watchlist>,
  asks: Map<string, readonly Watchlist[]>,
): SavedFunction {
  const { text, watchlists: asked, toOriginal } = answerWatchlists(one.body, watchlists);
  if (asked.length === 0) return one;
  asks.set(one.name, asked);
  return Object.freeze({ ...one, body: text, place: (offset: number) => one.place(toOriginal(offset)) });
}

function problemAt({ file, head: { line, column } }: SavedFunction, message: string): Problem {
  return { file, line, column, code: 'RULE_INVALID', message };
}

const MOST_TOLD = 10;

function circleText(circle: readonly string[], from: string): string {
  const at = circle.indexOf(from);
  const turned = [...circle.slice(at), ...circle.slice(0, at), from];
  return (turned.length > MOST_TOLD ? [...turned.slice(0, MOST_TOLD), '…'] : turned).join(' → ');
}

interface Walk {
  readonly uses: ReadonlyMap<string, readonly string[]>;
  /** Functions on the way to where the walk is, in their order. */
  readonly way: string[];
  readonly done: Set<string>;
  readonly inCircles: Set<string>;
  readonly circles: string[][];
}

/** Circles that no two of have a function in common. */
function circlesOf(uses: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const walk: Walk = { uses, way: [], done: new Set(), inCircles: new Set(), circles: [] };
  for (const name of uses.keys()) visit(walk, name);
  return walk.circles;
}

function visit(walk: Walk, name: string): void {
  const { uses, way, done, inCircles, circles } = walk;
  if (done.has(name)) return;
  const at = way.indexOf(name);
  if (at >= 0) {
    const circle = way.slice(at).filter((one) => !inCircles.has(one));
    if (circle.length > 0) circles.push(circle);
    for (const one of circle) inCircles.add(one);
    return;
  }
  way.push(name);
  for (const used of uses.get(name) ?? []) visit(walk, used);
  way.pop();
  done.add(name);
}
