export function printSurvivors(results) {
  for (const { tried } of results) {
    for (const one of tried.filter(({ verdict }) => verdict === 'survived')) {
      console.log(
        `${one.file}:${one.line} (${one.kind}, ${one.tests.length} test files)\n  - ${one.before}\n  + ${one.after}`,
      );
    }
  }
}

/** The share is of the mutants that are not listed as equivalent. */
export function printTable(results) {
  console.log(['folder', 'tried', 'killed', 'of these by time', 'survived', 'equivalent', 'share killed'].join('\t'));
  for (const { folder, tried, equivalent } of results) {
    const of = (verdict) => tried.filter((one) => one.verdict === verdict).length;
    const killed = of('killed') + of('hangs');
    const share = tried.length === 0 ? '–' : `${((100 * killed) / tried.length).toFixed(1)} %`;
    console.log([folder, tried.length, killed, of('hangs'), of('survived'), equivalent, share].join('\t'));
  }
}
