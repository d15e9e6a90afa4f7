import type { Foreign } from './foreign.ts';

type Run = (...args: readonly unknown[]) => unknown;
type Runtime = Record<string, Run | undefined>;

/** A class or an object of the parser, by what its runtime notes on it. */
type Thing = Readonly<Record<string, unknown>>;

/**
 * Puts quicker functions in the place of some of the runtime that the parser was compiled for (Bridge.NET): those that ask for the type of
 * an object, whether there is one, for lists, for places in them and for generic classes, which take a fifth of an analysis. A property of
 * objects of a hundred classes is found through a table of V8 that has room for few of them, so that what is not asked for is quicker for
 * all others, too. Each answers what the one in whose
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
  quickenValues(core);
  quickenArrays(core);
  quickenReferences(core);
  if (lists) quickenLists(lists, core);
  if (lists) quickenArrayTypes(lists);
  if (classes) quickenGenerics(classes);
}

/** Of an object of a compiled class the answer follows from the class, where the type has no say of its own. */
function quickenTypes(core: Runtime): void {
  const { is, as, cast } = core;
  if (!is || !as || !cast) return;
  const known = new Map<unknown, Map<unknown, unknown>>();
  const knownOf = (object: unknown, type: unknown): unknown =>
    typeof object === 'object' && object !== null ? known.get(type)?.get(Object.getPrototypeOf(object)) : undefined;
  core.is = (object, type, alone, orNull) => {
    if (object === null || object === undefined) return Boolean(orNull);
    const answer = knownOf(object, type);
    if (answer !== undefined) return answer;
    const asked = is(object, type, alone, orNull);
    if (typeof object === 'object' && isKnowable(object, type)) {
      const answers = known.get(type) ?? new Map<unknown, unknown>();
      known.set(type, answers.set(Object.getPrototypeOf(object), asked));
    }
    return asked;
  };
  core.as = (object, type, orNull) => {
    const answer = knownOf(object, type);
    if (answer === undefined) return as(object, type, orNull);
    return answer ? object : null;
  };
  core.cast = (object, type, orNull) => (knownOf(object, type) ? object : cast(object, type, orNull));
}

/** What is boxed has a class of its own, but the prototype of all objects. */
function isKnowable(object: object, type: unknown): boolean {
  const { constructor: itsClass } = object;
  const isClass = typeof itsClass === 'function' && (itsClass as unknown as Thing).$kind === 'class';
  if (!isClass || itsClass.prototype !== Object.getPrototypeOf(object)) return false;
  return typeof type === 'function' && !isOwnJudge(type as unknown as Thing);
}

function isOwnJudge({ $is, $literal }: Thing): boolean {
  return $is !== undefined || $literal !== undefined;
}

/** Nothing is boxed without a value. Of what stands in an array each value is unboxed when it is asked for, which the others do. */
function quickenValues(core: Runtime): void {
  const { hasValue, referenceEquals, staticEquals } = core;
  if (!hasValue || !referenceEquals || !staticEquals) return;
  const isNone = (value: unknown): boolean => value === null || value === undefined;
  core.hasValue = (value) => (Array.isArray(value) ? hasValue(value) : !isNone(value));
  core.referenceEquals = (one, other) => {
    if (Array.isArray(one) || Array.isArray(other)) return referenceEquals(one, other);
    return isNone(one) ? isNone(other) : one === other;
  };
  core.staticEquals = (one, other) => {
    if (Array.isArray(one) || Array.isArray(other)) return staticEquals(one, other);
    if (isNone(one) || isNone(other)) return isNone(one) && isNone(other);
    return staticEquals(one, other);
  };
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
    return new Place(holder as Record<string | number, unknown>, name);
  };
}

/** One class for all, because each object with accessors of its own would be of another shape. */
class Place {
  private readonly holder: Record<string | number, unknown>;
  private readonly name: string | number;
  constructor(holder: Record<string | number, unknown>, name: string | number) {
    this.holder = holder;
    this.name = name;
  }
  get v(): unknown {
    return this.holder[this.name];
  }
  set v(value: unknown) {
    this.holder[this.name] = value;
  }
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

/** The type of an array, which every new one is given, is looked for among those of all arrays. */
function quickenArrayTypes(lists: Runtime): void {
  const { type } = lists;
  if (!type) return;
  const known = new Map<unknown, unknown>();
  lists.type = (element, rank, array) => {
    if ((rank || 1) !== 1) return type(element, rank, array);
    const found = known.get(element) ?? type(element, 1);
    known.set(element, found);
    if (array) (array as { $type?: unknown }).$type = found;
    return array || found;
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
