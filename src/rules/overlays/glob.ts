/**
 * Whether a pattern fits a text of parts joined by `/`: `*` is any part of a name, `?` one character of it, `**` any number of whole
 * names. Letter case does not count. Takes time in proportion to both lengths, whatever the pattern.
 */
export function fitsGlob(pattern: string, text: string): boolean {
  const names = text.toLowerCase().split('/');
  let reached = [true, ...names.map(() => false)];
  for (const part of pattern.toLowerCase().split('/')) reached = step(part, names, reached);
  return reached[names.length] === true;
}

/** Behind which names the pattern may stand once a further part of it has been used. */
function step(part: string, names: readonly string[], before: readonly boolean[]): boolean[] {
  const after: boolean[] = [part === '**' && before[0] === true];
  names.forEach((name, index) => {
    const here =
      part === '**'
        ? before[index + 1] === true || after[index] === true
        : before[index] === true && fitsName(part, name);
    after.push(here);
  });
  return after;
}

/** Goes back to the last star only, which is enough: what an earlier one may take, the last one may take, too. */
function fitsName(pattern: string, name: string): boolean {
  let [at, inName, star, mark] = [0, 0, -1, 0];
  while (inName < name.length) {
    if (pattern[at] === '*') [star, mark, at] = [at, inName, at + 1];
    else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[inName]))
      [at, inName] = [at + 1, inName + 1];
    else if (star < 0) return false;
    else [at, mark, inName] = [star + 1, mark + 1, mark + 1];
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

/** Whether a pattern fits the end of a path, from the beginning of any of its names on. */
export function fitsPathEnd(pattern: string, path: string): boolean {
  return fitsGlob(pattern.startsWith('**/') ? pattern : `**/${pattern}`, path);
}
