const SEPARATORS = [',', ';', '\t', '|'] as const;
const SAYS = /^"?sep=(.)"?\s*$/i;

/** The separator that a first line `sep=;` says; null for any other line. */
export function saidSeparator(line: string): number | null {
  return SAYS.exec(line)?.[1]?.charCodeAt(0) ?? null;
}

/** The one that stands most often in the header outside quotes; a comma where none does. */
export function likelySeparator(header: string): number {
  const bare = header.replace(/"[^"]*"/g, '');
  const counts = SEPARATORS.map((separator) => bare.split(separator).length);
  const best = counts.indexOf(Math.max(...counts));
  return (SEPARATORS[best] ?? ',').charCodeAt(0);
}

/** The names of a header, each once: a name that stands again gets a number, an empty one is named for its place. */
export function distinctNames(header: readonly string[], renamed: string[]): readonly string[] {
  const taken = new Set(header.map((name) => name.trim()));
  const used = new Set<string>();
  return header.map((given, index) => {
    const name = given.trim();
    if (name !== '' && !used.has(name)) {
      used.add(name);
      return name;
    }
    const made = freeName(name === '' ? 'Column' : name, name === '' ? index + 1 : 1, taken);
    taken.add(made);
    renamed.push(made);
    return made;
  });
}

function freeName(stem: string, first: number, taken: ReadonlySet<string>): string {
  let number = first;
  while (taken.has(`${stem}${number}`)) number += 1;
  return `${stem}${number}`;
}
