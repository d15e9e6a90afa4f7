/**
 * `count` mutants, the same ones for the same seed and sources: the order of places is shuffled, then one mutant of each place is drawn,
 * so that a place with many mutants counts no more than another.
 */
export function sampleOf(mutants, count, seed) {
  const random = randomOf(seed);
  const places = new Map();
  for (const mutant of mutants) {
    const place = `${mutant.file}:${mutant.place}`;
    places.set(place, [...(places.get(place) ?? []), mutant]);
  }
  const shuffled = [...places.values()]
    .map((ones) => ({ ones, key: random() }))
    .toSorted((one, other) => one.key - other.key);
  return shuffled.slice(0, count).map(({ ones }) => ones[Math.floor(random() * ones.length)]);
}

/** Numbers from [0, 1), by the generator known as mulberry32. */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
