import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** A page of the documentation as the tests see it. */
export interface Page {
  /** Path from the root of the repository. */
  readonly name: string;
  readonly text: string;
}

export const root = resolve(import.meta.dirname, '..');

export function readPage(name: string): Page {
  return { name, text: readFileSync(join(root, name), 'utf8') };
}

/** The part of a page below a heading, down to the next of its level. */
export function section(page: Page, heading: string): Page {
  const [, after = ''] = page.text.split(`\n${heading}\n`);
  const level = heading.split(' ')[0] ?? '#';
  return { ...page, text: after.split(`\n${level} `)[0] ?? '' };
}

/** Rows of all tables whose first column has this title: cells as they stand, without code marks and outer blanks. */
export function rowsOf(page: Page, title: string): readonly (readonly string[])[] {
  const lines = page.text.split('\n');
  return lines.flatMap((line, index) => {
    if (cellsOf(line)[0] !== title || !/^\|[-|: ]+\|$/.test(lines[index + 1] ?? '')) return [];
    const rest = lines.slice(index + 2);
    const end = rest.findIndex((one) => !one.startsWith('|'));
    return rest.slice(0, end === -1 ? undefined : end).map(cellsOf);
  });
}

function cellsOf(line: string): string[] {
  if (!line.startsWith('|')) return [];
  return line
    .slice(1, line.lastIndexOf('|'))
    .split('|')
    .map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1'));
}

/** Texts of files by their path from the root; null where there is none. */
interface Files {
  read(path: string): string | null;
  list(folder: string): readonly string[];
}

/** Links that lead nowhere: files that are not there, headings that no page has. Links to the web are left alone. */
export function brokenLinks(page: Page, files: Files): readonly string[] {
  return linksOf(page).filter((link) => !leadsSomewhere(page, link, files));
}

/** Pages of the repository that a page links to. */
export function linkedPages(page: Page): readonly string[] {
  const paths = linksOf(page).map((link) => link.split('#')[0] ?? '');
  return paths.filter((path) => path.endsWith('.md')).map((path) => join(dirname(page.name), path));
}

function linksOf(page: Page): readonly string[] {
  const prose = page.text.replace(/```[\s\S]*?```/g, '').replace(/`[^`]*`/g, '');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  return links.filter((link) => !/^[a-z]+:/.test(link));
}

function leadsSomewhere(page: Page, link: string, files: Files): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page.name : join(dirname(page.name), path);
  const text = files.read(target);
  if (text === null) return anchor === undefined && files.list(target).length > 0;
  return anchor === undefined || anchorsOf({ name: target, text }).includes(anchor);
}

function anchorsOf(page: Page): readonly string[] {
  const headings = page.text.replace(/```[\s\S]*?```/g, '').matchAll(/^#+ (.+)$/gm);
  return [...headings].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Every command line that begins with this word, in code spans and code blocks. */
export function commandsOf(page: Page, word: string): readonly (readonly string[])[] {
  const blocks = [...page.text.matchAll(/```(?:sh|console|bash)\n([\s\S]*?)```/g)].flatMap((match) =>
    (match[1] ?? '').split('\n'),
  );
  const spans = [...page.text.replace(/```[\s\S]*?```/g, '').matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
  return [...blocks, ...spans]
    .flatMap((line) =>
      line
        .replace(/^\$ /, '')
        .replace(/\s+#.*$/, '')
        .split(' && '),
    )
    .map((line) => line.trim().split(/\s+/))
    .filter(([first]) => first === word);
}
