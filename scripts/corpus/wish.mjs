/**
 * What a query wants of one value. Wishes that must be one value (join keys, renamed columns) are merged: `rootOf` finds the one that
 * counts. Everything is optional; `render.mjs` makes a value of it.
 */
export function newWish() {
  return {
    same: null,
    candidates: null,
    parts: [],
    excluded: [],
    least: null,
    most: null,
    length: 0,
    empty: false,
    varies: false,
    shared: false,
    fields: new Map(),
    pieces: null,
    groups: [],
    element: null,
    made: new Map(),
  };
}

export function rootOf(wish) {
  return wish.same ? rootOf(wish.same) : wish;
}

/** From now on both are one value. */
export function merge(first, second) {
  const [kept, gone] = [rootOf(first), rootOf(second)];
  if (kept === gone) return kept;
  if (gone.candidates) restrict(kept, gone.candidates);
  kept.parts.push(...gone.parts);
  kept.excluded.push(...gone.excluded);
  atLeast(kept, gone.least);
  atMost(kept, gone.most);
  kept.length = Math.max(kept.length, gone.length);
  kept.empty ||= gone.empty;
  kept.varies ||= gone.varies;
  kept.shared ||= gone.shared;
  kept.pieces ??= gone.pieces;
  kept.groups.push(...gone.groups);
  for (const [name, field] of gone.fields) merge(fieldOf(kept, name), field);
  if (gone.element) kept.element = kept.element ? merge(kept.element, gone.element) : gone.element;
  gone.same = kept;
  return kept;
}

/** Both are one value, in two places: so it must get there even where nothing else is wanted of it. */
export function share(first, second) {
  merge(first, second).shared = true;
}

/** The value must be one of these; where that contradicts what was wanted before, the earlier wish stays. */
export function restrict(wish, values) {
  const kept = rootOf(wish);
  const before = kept.candidates;
  const both = before?.filter((one) => values.some((other) => foldedText(one) === foldedText(other)));
  if (!before) kept.candidates = [...values];
  else if (both?.length) kept.candidates = both;
}

export function exclude(wish, values) {
  rootOf(wish).excluded.push(...values);
}

export function atLeast(wish, value) {
  const kept = rootOf(wish);
  if (typeof value === 'number' && (kept.least === null || value > kept.least)) kept.least = value;
}

export function atMost(wish, value) {
  const kept = rootOf(wish);
  if (typeof value === 'number' && (kept.most === null || value < kept.most)) kept.most = value;
}

/** A part that the text must have: `kind` is has, starts, ends or regex. */
export function wantPart(wish, kind, text) {
  rootOf(wish).parts.push({ kind, text: String(text) });
}

/** The value below a name or index of a bag or array. */
export function fieldOf(wish, name) {
  const { fields } = rootOf(wish);
  const known = fields.get(name);
  if (known) return known;
  const made = newWish();
  fields.set(name, made);
  return made;
}

export function elementOf(wish) {
  const kept = rootOf(wish);
  kept.element ??= newWish();
  return kept.element;
}

/** Whether anything at all is wanted. */
export function isWanted(wish) {
  const kept = rootOf(wish);
  return (
    Boolean(
      kept.candidates || kept.pieces || kept.element || kept.empty || kept.varies || kept.shared || kept.length,
    ) ||
    kept.least !== null ||
    kept.most !== null ||
    kept.parts.length + kept.groups.length + kept.fields.size + kept.excluded.length > 0
  );
}

export function foldedText(value) {
  return String(value).toLowerCase();
}
