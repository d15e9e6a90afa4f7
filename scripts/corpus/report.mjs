/** One line a rule set, and one for all of them: how many queries, what became of them. */
export function printTable(results) {
  const sets = [...new Set(results.map(({ set }) => set))];
  const line = (set, list) => {
    const count = (...outcomes) => list.filter(({ outcome }) => outcomes.includes(outcome)).length;
    const share = (part) => `${((100 * part) / list.length).toFixed(1)} %`;
    return {
      set,
      queries: list.length,
      ran: share(count('rows', 'empty')),
      rows: share(count('rows')),
      unsupported: count('unsupported'),
      failed: count('failed'),
      budget: count('budget'),
      crash: count('crash'),
    };
  };
  const lines = sets.map((set) =>
    line(
      set,
      results.filter((one) => one.set === set),
    ),
  );
  console.table([...lines, line('all', results)]);
}

/** What did not run, the most frequent first. */
export function printConstructs(results) {
  const tally = new Map();
  for (const { outcome, construct } of results) {
    if (!construct) continue;
    const key = `${outcome}: ${construct}`;
    tally.set(key, (tally.get(key) ?? 0) + 1);
  }
  for (const [construct, count] of [...tally].sort((a, b) => b[1] - a[1])) console.log(`${count}  ${construct}`);
}
