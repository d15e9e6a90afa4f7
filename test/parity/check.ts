import type { Page } from '../markdown.ts';
import type { Catalogue } from './catalogue.ts';
import type { Tree } from './tree.ts';

/** What the checks look at: the repository, or a copy of it with something added or left out. */
export interface Subject {
  readonly tree: Tree;
  readonly catalogue: Catalogue;
}

/** One thing that must agree with another. Its name stands in docs/adding.md where a recipe's step is held by it. */
export interface ParityCheck {
  readonly name: string;
  /** What is wrong, each as a sentence or as the name of what lacks something. */
  complaints(subject: Subject): readonly string[];
}

/** The text of a file; an empty one where it is missing, which the checks then complain of. */
export function pageOf({ tree }: Pick<Subject, 'tree'>, name: string): Page {
  return { name, text: tree.read(name) ?? '' };
}

/** Every page of the documentation that a reader sees. */
export function allPages(subject: Pick<Subject, 'tree'>): readonly Page[] {
  const docs = subject.tree.list('docs').filter((path) => path.endsWith('.md'));
  return ['README.md', 'CHANGELOG.md', ...docs].map((name) => pageOf(subject, name));
}

/** The tests below a folder of test/. */
export function testsBelow(subject: Pick<Subject, 'tree'>, folder: string): readonly Page[] {
  const paths = subject.tree.list('test').filter((path) => path.startsWith(`test/${folder}/`));
  return paths.filter((path) => /\.(test|own)\.ts$|conformance-own/.test(path)).map((name) => pageOf(subject, name));
}

/** Names of the first list that the second lacks, and the other way about. */
export function differing(what: string, is: Iterable<string>, should: Iterable<string>): readonly string[] {
  const [have, want] = [[...is], [...should]];
  return [
    ...want.filter((name) => !have.includes(name)).map((name) => `${what} lacks ${name}`),
    ...have.filter((name) => !want.includes(name)).map((name) => `${what} has ${name}, which is not there`),
  ];
}

/** As `differing`, for lists that keep the order of the registry. */
export function inOrder(what: string, is: readonly string[], should: readonly string[]): readonly string[] {
  const found = differing(what, is, should);
  return found.length > 0 || is.join() === should.join() ? found : [`${what} has another order: ${should.join(', ')}`];
}

/** The words in code marks of a text. */
export function codeWords(text: string | undefined): readonly string[] {
  return [...(text ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}
