import type { Foreign } from './foreign.ts';

type Run = (...args: readonly unknown[]) => unknown;
type Runtime = Record<string, Run | undefined>;

/** A class or an object of the parser, by what its runtime notes on it. */
type Thing = Readonly<Record<string, unknown>>;

/**
 * Puts quicker functions in the place of some of the runtime that the parser was compiled for (Bridge.NET): those that ask for the type of
 * an object, for lists, for places in them and for generic classes, which take a fifth of an analysis. Each answers what the one in whose
 * place it stands answers, and hands over to that one what is not common. A function that another version does not have is left out.
 * A runtime that has them already stays as it is.
 */
export function quickenRuntime(bridge: Foreign, system: Foreign): void {
  const core = bridge as unknown as Runtime;
  if (core.$isQuick) return;
  core.$isQuick = () => true;
  const { Array: lists } = system as unknown as Record<string, Runtime>;
  const { Class: classes } = bridge as unknown as Record<string, Runtime>;
  quickenTypes(core);
  quickenArrays(core);
  quickenReferences(core);
  if (lists) quickenLists(lists, core);
  if (classes) quickenGenerics(classes);
}

/** Of an object of a compiled class the answer follows from the class, where the type has no say of its own. */
function quickenTypes(core: Runtime): void {
  const { is } = core;
  if (!is) return;
  const known = new Map<unknown, Map<unknown, unknown>>();
  core.is = (object, type, alone, orNull) => {
    if (object === null || object === undefined) return Boolean(orNull);
    if (typeof object !== 'object' || typeof type !== 'function') return is(object, type, alone, orNull);
    const { constructor: itsClass } = object;
    const answer = known.get(type)?.get(itsClass);
    if (answer !== undefined) return answer;
    const asked = is(object, type, alone, orNull);
    if (!isClass(itsClass) || isOwnJudge(type as unknown as Thing)) return asked;
    const answers = known.get(type) ?? new Map<unknown, unknown>();
    known.set(type, answers.set(itsClass, asked));
    return asked;
  };
}

function isClass(one: unknown): boolean {
  return typeof one === 'function' && (one as unknown as Thing).$kind === 'class';
}

function isOwnJudge({ $is, $literal }: Thing): boolean {
  return $is !== undefined || $literal !== undefined;
}

/** Whether something is an array follows from its constructor, for all but real ones. */
function quickenArrays(core: Runtime): void {
  const { isArray } = core;
  if (!isArray) return;
  const known = new Map<unknown, unknown>();
  core.isArray = (value, given) => {
    if (Array.isArray(value)) return true;
    const itsClass = given ?? (value as Thing | null | undefined)?.constructor;
    if (typeof itsClass !== 'function') return isArray(value, given);
    const answer = known.get(itsClass);
    if (answer !== undefined) return answer;
    const asked = Boolean(isArray(value, given));
    known.set(itsClass, asked);
    return asked;
  };
}

/** A place in a list, or a property of an object, to be written from elsewhere. */
function quickenReferences(core: Runtime): void {
  const { ref } = core;
  if (!ref) return;
  core.ref = (holder, name) => {
    if (typeof holder !== 'object' || holder === null) return ref(holder, name);
    if (typeof name !== 'string' && typeof name !== 'number') return ref(holder, name);
    const place = holder as Record<string | number, unknown>;
    return {
      get v() {
        return place[name];
      },
      set v(value) {
        place[name] = value;
      },
    };
  };
}

/** Lists are asked under a name that is made of that of the type of their items, each time anew. */
function quickenLists(lists: Runtime, core: Runtime): void {
  const { getCount, getItem } = lists;
  if (!getCount || !getItem) return;
  const count = namesOfType(core, 'System$Collections$Generic$ICollection$1$', '$getCount');
  const countProperty = namesOfType(core, 'System$Collections$Generic$ICollection$1$', '$Count');
  const item = namesOfType(core, 'System$Collections$Generic$IList$1$', '$getItem');
  lists.getCount = (list, type) => {
    if (Array.isArray(list)) return list.length;
    if (!type || core.isArray?.(list)) return getCount(list, type);
    const { [count(type)]: method, System$Collections$ICollection$getCount: untyped } = list as Thing;
    if (typeof method === 'function') return method.call(list);
    if (typeof untyped === 'function') return untyped.call(list);
    const { [countProperty(type)]: property, System$Collections$ICollection$Count: other, Count } = list as Thing;
    return property ?? other ?? Count ?? getCount(list, type);
  };
  lists.getItem = (list, index, type) => {
    if (!type) return getItem(list, index, type);
    if (Array.isArray(list)) return list[index as number];
    const { [item(type)]: method, get, getItem: untyped } = list as Thing;
    if (typeof method === 'function') return method.call(list, index);
    const isSimple = typeof untyped === 'function' && typeof get !== 'function' && (type as Thing).$kind === 'class';
    return isSimple ? untyped.call(list, index) : getItem(list, index, type);
  };
}

function namesOfType(core: Runtime, head: string, tail: string): (type: unknown) => string {
  const names = new Map<unknown, string>();
  return (type) => {
    const known = names.get(type);
    if (known !== undefined) return known;
    const name = `${head}${String(core.getTypeAlias?.(type))}${tail}`;
    names.set(type, name);
    return name;
  };
}

/** A generic class is looked up among all that were made of it, with each use. */
function quickenGenerics(classes: Runtime): void {
  const { getCachedType } = classes;
  if (!getCachedType) return;
  const known = new Map<unknown, Map<unknown, Map<unknown, unknown>>>();
  classes.getCachedType = (generic, given) => {
    const args = given as ArrayLike<unknown>;
    if (args.length === 0 || args.length > 2) return getCachedType(generic, given);
    const second = args.length === 2 ? args[1] : known;
    const found = known.get(generic)?.get(args[0])?.get(second);
    if (found) return found;
    const asked = getCachedType(generic, given);
    if (asked) note(known, generic, [args[0], second], asked);
    return asked;
  };
}

function note(
  known: Map<unknown, Map<unknown, Map<unknown, unknown>>>,
  generic: unknown,
  [first, second]: readonly [unknown, unknown],
  made: unknown,
): void {
  const byFirst = known.get(generic) ?? new Map<unknown, Map<unknown, unknown>>();
  const bySecond = byFirst.get(first) ?? new Map<unknown, unknown>();
  known.set(generic, byFirst.set(first, bySecond.set(second, made)));
}
