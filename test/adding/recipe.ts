/** What docs/adding.md says of one kind of thing, done for real. */
export interface Recipe {
  readonly kind: string;
  /** Texts of the files that are new. */
  readonly files: Readonly<Record<string, string>>;
  readonly edits: readonly Edit[];
  /** Each step that can be forgotten, with the check of test/parity that then fails. */
  readonly steps: readonly Step[];
  /** The most new files and new lines that the recipe may need, where that was promised. */
  readonly most?: { readonly files: number; readonly lines: number };
}

/** A change of a file that is there. */
export interface Edit {
  readonly path: string;
  change(text: string): string;
}

export interface Step {
  /** The file that is left out, or left as it was. */
  readonly without: string;
  readonly check: string;
  /** What the check then says, in part. */
  readonly says: string;
}

/** Puts `line` behind the first line that holds `after`. */
export function lineAfter(path: string, after: string, line: string): Edit {
  const change = (text: string): string => {
    const lines = text.split('\n');
    const at = lines.findIndex((one) => one.includes(after));
    if (at < 0) throw new Error(`${path} has no line with ${after}`);
    return [...lines.slice(0, at + 1), line, ...lines.slice(at + 1)].join('\n');
  };
  return { path, change };
}

/** Puts one text in the place of another that stands there once. */
export function replaced(path: string, from: string, to: string): Edit {
  const change = (text: string): string => {
    if (text.split(from).length !== 2) throw new Error(`${path} does not have ${from} once`);
    return text.replace(from, () => to);
  };
  return { path, change };
}

/** Changes a document as its value. */
export function changedDocument<Document>(path: string, change: (document: Document) => Document): Edit {
  return { path, change: (text) => JSON.stringify(change(JSON.parse(text))) };
}

/** Applies what recipes do to one file; `left` names a recipe that leaves it alone. */
export function changedText(text: string, path: string, recipes: readonly Recipe[], left?: Recipe): string {
  const edits = recipes.filter((recipe) => recipe !== left).flatMap((recipe) => recipe.edits);
  return edits.filter((edit) => edit.path === path).reduce((before, edit) => edit.change(before), text);
}

/** How many lines of the second text the first does not have. */
export function newLines(before: string, after: string): number {
  const counts = new Map<string, number>();
  for (const line of before.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1);
  return after.split('\n').filter((line) => {
    const count = counts.get(line) ?? 0;
    counts.set(line, count - 1);
    return count <= 0;
  }).length;
}
